import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const CLI = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

export interface Served {
  readonly url: string
  /** Resolves to how it ended. */
  stop(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null>
}

/** `span-tree serve` as a process. */
export async function serve(file: string, port = 0, env: NodeJS.ProcessEnv = {}): Promise<Served> {
  const child = spawn(process.execPath, ['--no-warnings', CLI, 'serve', '--db', file, '--port', String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'], ...env },
  })
  const said = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', text => resolve(String(text)))
    child.once('exit', code => reject(new Error(`it ended at once, with ${code}`)))
  })
  return { url: /http:\/\/\S+?:\d+/.exec(said)?.[0] as string, stop: signal => stop(child, signal) }
}

async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null> {
  const exit = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
  child.kill(signal)
  const [code, by] = await exit
  return code ?? by
}
