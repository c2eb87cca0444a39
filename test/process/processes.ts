import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { instrument } from '../../transformer/instrument.ts'

/** Milliseconds; only a program that hangs takes as long. */
const MAX_TIME = 50_000

const repository = fileURLToPath(new URL('../..', import.meta.url))
const root = realpathSync(mkdtempSync(join(tmpdir(), 'span-tree-process-')))
process.once('exit', () => rmSync(root, { recursive: true, force: true }))

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface Execution {
  readonly env?: NodeJS.ProcessEnv
  /** Of Node itself. */
  readonly flags?: readonly string[]
  /** Sent one after the other, each when the program has written this text to its standard output. */
  readonly signals?: readonly (readonly [text: string, signal: NodeJS.Signals])[]
  /** It is killed when this resolves. */
  readonly killWhen?: Promise<unknown>
}

/** A program in a directory of its own: an ES module in JavaScript, beside others that it may import. */
export class Program {
  readonly directory: string

  constructor(files: Readonly<Record<string, string>>) {
    this.directory = mkdtempSync(join(root, 'program-'))
    for (const folder of ['plain', 'traced']) this.#write(join(this.directory, folder), files, folder === 'traced')
  }

  #write(directory: string, files: Readonly<Record<string, string>>, traced: boolean): void {
    mkdirSync(join(directory, 'node_modules'), { recursive: true })
    symlinkSync(repository, join(directory, 'node_modules/span-tree'), 'junction')
    writeFileSync(join(directory, 'package.json'), '{ "type": "module" }')
    for (const [name, code] of Object.entries(files)) {
      const format = name.endsWith('.cjs') ? 'commonjs' : 'module'
      const options = {
        include: ['**'],
        skipTrivial: false,
        filename: join(directory, name),
        root: directory,
        format,
      } as const
      writeFileSync(join(directory, name), traced ? instrument(code, options).code : code)
    }
  }

  /** The program as it was written. */
  plain(execution: Execution = {}): Promise<Ended> {
    return this.#execute('plain', execution)
  }

  /** The program with every function instrumented. Writes JSON unless the environment says otherwise. */
  traced(execution: Execution = {}): Promise<Ended> {
    return this.#execute('traced', { ...execution, env: { SPAN_TREE: 'json', ...execution.env } })
  }

  #execute(folder: string, { env, flags = [], signals = [], killWhen }: Execution): Promise<Ended> {
    const cwd = join(this.directory, folder)
    const options = { cwd, env: { ...environment(), ...env }, timeout: MAX_TIME, killSignal: 'SIGKILL' } as const
    const child = spawn(process.execPath, [...flags, 'main.js'], options)
    void killWhen?.then(() => child.kill('SIGKILL'))
    const waiting = [...signals]
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', text => {
      stdout += text
      while (waiting[0] && stdout.includes(waiting[0][0])) child.kill(waiting.shift()![1])
    })
    child.stderr.setEncoding('utf8').on('data', text => (stderr += text))
    const anywhere = (text: string): string => text.replaceAll(cwd, '<program>')
    return new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (code, signal) =>
        resolve({ code, signal, stdout: anywhere(stdout), stderr: anywhere(stderr) }),
      )
    })
  }
}

/** A program of one file. */
export function program(code: string): Program {
  return new Program({ 'main.js': code })
}

/** Without what the test runner sets, and on the machine of nobody in particular. */
function environment(): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR } = process.env
  return { PATH, HOME, TMPDIR }
}
