import { spawn } from 'node:child_process'
import { constants } from 'node:os'

const FORWARDED: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP']
/** Milliseconds of silence after which a compiler that watches has said what it had to say. */
const SILENCE = 30

/**
 * Runs a process that goes on, passes on what it writes, and calls `settled` when it has fallen silent after that.
 * Resolves to its exit code. An error of `settled` ends the process, and rejects.
 */
export function watchOutput(command: string, parameters: readonly string[], settled: () => void): Promise<number> {
  const child = spawn(command, parameters, { stdio: ['inherit', 'pipe', 'inherit'] })
  const forward = (signal: NodeJS.Signals): unknown => child.kill(signal)
  for (const signal of FORWARDED) process.on(signal, forward)
  return new Promise<number>((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined
    child.stdout.on('data', chunk => {
      process.stdout.write(chunk)
      clearTimeout(timer)
      timer = setTimeout(attempt, SILENCE)
    })
    const attempt = (): void => {
      try {
        settled()
      } catch (error) {
        child.kill()
        reject(error)
      }
    }
    child.once('error', reject)
    child.once('close', (code, signal) => {
      clearTimeout(timer)
      resolve(signal ? 128 + constants.signals[signal] : (code ?? 1))
    })
  }).finally(() => {
    for (const signal of FORWARDED) process.off(signal, forward)
  })
}
