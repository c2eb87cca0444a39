/** Receivers as processes of their own, and what they take of the processor and of memory, as Linux says it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

export const OURS = 'span-tree serve'
export const USUAL = 'an insert a span, six indexes'
export const ANEW = 'the same, prepared for each span'

const PROGRAMS: Readonly<Record<string, (file: string) => string[]>> = {
  [OURS]: file => [here('../../dist/cli/main.js'), 'serve', '--port', '0', '--db', file],
  [USUAL]: file => [here('usual-receiver.ts'), file, 'once'],
  [ANEW]: file => [here('usual-receiver.ts'), file, 'anew'],
}
export const CONTENDERS: readonly string[] = Object.keys(PROGRAMS)

export class ReceiverProcess {
  readonly url: string
  readonly #child: ChildProcess

  private constructor(child: ChildProcess, url: string) {
    this.#child = child
    this.url = url
  }

  static async start(name: string, file: string): Promise<ReceiverProcess> {
    const args = ['--no-warnings', ...(PROGRAMS[name]?.(file) ?? [])]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    const [text] = (await once(child.stdout!, 'data')) as [Buffer]
    return new ReceiverProcess(child, /http:\/\/[\d.:]+/.exec(String(text))?.[0] as string)
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGTERM')
    if (this.#child.exitCode === null) await once(this.#child, 'exit')
  }

  /** Milliseconds of all its threads; Linux counts in hundredths of a second. */
  processorTime(): number {
    const fields = this.#read('stat')
      .replace(/^.*\) /, '')
      .split(' ')
    return (Number(fields[11]) + Number(fields[12])) * 10
  }

  /** Bytes that it has in memory. */
  memory(): number {
    return Number(/VmRSS:\s+(\d+)/.exec(this.#read('status'))?.[1]) * 1_024
  }

  #read(what: string): string {
    return readFileSync(`/proc/${this.#child.pid}/${what}`, 'utf8')
  }
}
