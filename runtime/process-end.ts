import { isMainThread } from 'node:worker_threads'
import { collector } from './shared.ts'

const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP']

/**
 * Sees to it that what is pending is written before the process ends: by itself, by `process.exit`, by an uncaught
 * error (each emits `exit`, with the code that it would have had), or by a signal.
 */
export function flushAtEnd(): void {
  process.on('exit', () => collector.flushSync())
  if (isMainThread) for (const signal of SIGNALS) flushOn(signal)
}

/** A signal that nobody else listens to ends the process by that signal, as it would have without us. */
function flushOn(signal: NodeJS.Signals): void {
  const listener = (): void => {
    if (process.listenerCount(signal) > 1) {
      collector.drain()
      return
    }
    collector.flushSync()
    process.off(signal, listener)
    process.kill(process.pid, signal)
  }
  process.on(signal, listener)
}
