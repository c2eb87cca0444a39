/** Time and chance, as far as sending depends on them: tests bring their own. */
export interface SenderClock {
  /** Milliseconds since the Unix epoch. */
  now(): number
  /**
   * Calls `action` after so many milliseconds, unless what it returns is called before. Keeps the process alive only where `holds` is
   * true: somebody waits for it.
   */
  after(milliseconds: number, action: () => void, holds?: boolean): () => void
  /** From 0 to below 1. */
  random(): number
}

// Taken when the module loads, so that fake timers of a test do not stop the export.
const { setTimeout, clearTimeout } = globalThis
const { now } = Date
const { random } = Math

export const SYSTEM_CLOCK: SenderClock = {
  now,
  after(milliseconds, action, holds) {
    const timer = setTimeout(action, milliseconds)
    if (!holds) timer.unref()
    return () => clearTimeout(timer)
  },
  random,
}
