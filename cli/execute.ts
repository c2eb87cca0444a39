import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { isSourceFile } from '../transformer/adapters/program-files.ts'
import type { Invocation } from './instrumented-command.ts'

const FORWARDED: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2']
/** What a shell says: the command was not found; it was, but cannot be run. */
const NOT_FOUND = 127
const NOT_EXECUTABLE = 126

/**
 * Runs the process with this one's standard streams and passes signals on. Resolves to its exit code: 128 + n where
 * signal n ended it, as a shell has it.
 */
export function execute({ command, parameters, environment }: Invocation): Promise<number> {
  const child = spawn(command, parameters, {
    stdio: 'inherit',
    env: environment,
    // npx and npm are scripts there that only the shell can start.
    shell: process.platform === 'win32' && !/node(\.exe)?$/i.test(command),
  })
  const stopForwarding = forwardSignals(signal => child.kill(signal))
  return new Promise<number>(resolve => {
    child.once('error', error => resolve(explain(command, error)))
    child.once('exit', (code, signal) => resolve(signal ? 128 + constants.signals[signal] : (code ?? 1)))
  }).finally(stopForwarding)
}

function forwardSignals(send: (signal: NodeJS.Signals) => void): () => void {
  const handlers = FORWARDED.map((signal): [NodeJS.Signals, () => void] => [signal, () => forward(signal, send)])
  for (const [signal, handler] of handlers) process.on(signal, handler)
  return () => {
    for (const [signal, handler] of handlers) process.off(signal, handler)
  }
}

function forward(signal: NodeJS.Signals, send: (signal: NodeJS.Signals) => void): void {
  // A key on the terminal reaches the child too, being in the same group; twice would mean "now!" to many programs.
  const fromTerminal = process.stdin.isTTY && (signal === 'SIGINT' || signal === 'SIGQUIT')
  if (!fromTerminal) send(signal)
}

function explain(command: string, error: NodeJS.ErrnoException): number {
  const missing = error.code === 'ENOENT'
  const what = missing
    ? `no such ${isSourceFile(command) ? 'file' : 'command'}: ${command}`
    : `cannot run ${command}: ${error.message}`
  process.stderr.write(`span-tree: ${what}\n`)
  return missing ? NOT_FOUND : NOT_EXECUTABLE
}
