import { AsyncResource } from 'node:async_hooks'
import { now } from './clock.ts'
import type { LiveTraces } from './live-traces.ts'

/** Milliseconds between two looks at running traces, for exporters that show them as they grow. */
const INTERVAL = 200

// Taken when the module loads, so that fake timers do not stop it.
const { setTimeout } = globalThis

/** Looks at the traces that are being made from time to time, as long as there are any. */
export class ProgressWatch {
  readonly #live: LiveTraces
  readonly #look: () => void
  #timer: NodeJS.Timeout | undefined
  // The timer must not keep the context, and so the tree, of the span that happened to start it.
  readonly #outside = new AsyncResource('span-tree')

  constructor(live: LiveTraces, look: () => void) {
    this.#live = live
    this.#look = look
  }

  /** There is a trace to look at. */
  begin(): void {
    if (this.#timer === undefined) this.#outside.runInAsyncScope(() => this.#lookAfter(INTERVAL))
  }

  /** Later where looking is dear: a snapshot may take a twentieth of the time. */
  #lookAfter(delay: number): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      if (this.#live.empty) return
      const begun = now()
      this.#look()
      this.#lookAfter(Math.max(INTERVAL, (now() - begun) * 20))
    }, delay)
    this.#timer.unref()
  }
}
