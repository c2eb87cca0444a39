import { writeSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'
import { collector, shared } from './shared.ts'

// Taken when the module loads: fake timers may stand there when a signal comes.
const { nextTick } = process

const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP']

/**
 * Sees to it that what is pending is written before the process ends: by itself, by `process.exit`, by an uncaught
 * error (each emits `exit`, with the code that it would have had), or by a signal.
 */
export function flushAtEnd(): void {
  // The first of them: one that calls `process.exit` is the last that runs.
  process.prependListener('exit', () => {
    // What listeners behind this one call is written as it ends.
    collector.ending = true
    finish()
  })
  if (isMainThread) for (const signal of SIGNALS) flushOn(signal)
}

/** With `SPAN_TREE_DEBUG`, what the runtime knows of itself is printed last. */
function finish(): void {
  collector.flushSync()
  if (process.env['SPAN_TREE_DEBUG']) print(shared.extras.report?.() ?? '')
}

/**
 * A signal that nobody else listens to ends the process by that signal, as it would have without us. Our listener is the
 * first and out of the list while the others run: some count them to find out whether the signal is left to them
 * (`signal-exit`), and one added by `once` is gone as soon as it runs.
 */
function flushOn(signal: NodeJS.Signals): void {
  const listener = (): void => {
    process.off(signal, listener)
    if (process.listenerCount(signal) > 0) {
      collector.drain()
      nextTick(listen)
    } else {
      finish()
      process.kill(process.pid, signal)
    }
  }
  const listen = (): NodeJS.Process => process.prependListener(signal, listener)
  listen()
}

function print(text: string): void {
  try {
    writeSync(2, text)
  } catch {
    // Nobody reads it.
  }
}
