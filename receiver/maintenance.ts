import type { RetentionLimits, TraceStore } from '../store/trace-store.ts'

/** Milliseconds without a batch after which there is time for what is done behind writing; and without a slice, after which it has to be. */
const QUIET = 100
const OVERDUE = 2_000
/** What only age makes superfluous can wait so long. */
const EVERY = 600_000

/** Does what a store does behind writing, when nothing is written; under steady load, a little all the same. */
export class Maintenance {
  readonly #store: Pick<TraceStore, 'maintain'>
  readonly #limits: RetentionLimits
  readonly #isIdle: () => boolean
  #timer: NodeJS.Timeout | undefined
  readonly #regular: NodeJS.Timeout
  #lastWrite = 0
  #lastSlice = 0
  #stopped = false

  constructor(store: Pick<TraceStore, 'maintain'>, limits: RetentionLimits, isIdle: () => boolean) {
    this.#store = store
    this.#limits = limits
    this.#isIdle = isIdle
    this.#regular = setInterval(() => this.#schedule(0), EVERY)
    this.#regular.unref()
    this.#schedule(QUIET)
  }

  wrote(): void {
    this.#lastWrite = performance.now()
    this.#schedule(QUIET)
  }

  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
    clearInterval(this.#regular)
  }

  #schedule(delay: number): void {
    if (this.#stopped) return
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      void this.#slice()
    }, delay)
  }

  async #slice(): Promise<void> {
    const now = performance.now()
    const isQuiet = this.#isIdle() && now - this.#lastWrite >= QUIET
    if (!isQuiet && now - this.#lastSlice < OVERDUE) return this.#schedule(QUIET)
    // What fails here, as on a full disk, is tried again: nothing was lost.
    const more = await this.#store.maintain(this.#limits).catch(() => false)
    this.#lastSlice = performance.now()
    if (more) this.#schedule(isQuiet ? 0 : QUIET)
  }
}
