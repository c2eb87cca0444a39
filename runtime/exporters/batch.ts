import { untraced } from '../untraced.ts'
import { type SenderClock, SYSTEM_CLOCK } from './sender-clock.ts'

/** When a batch is handed on: at the first of these limits that it reaches. */
export interface BatchLimits {
  /** Spans. */
  readonly maxCount: number
  /** Bytes, before compression. */
  readonly maxBytes: number
  /** Milliseconds since its first entry. */
  readonly maxDelay: number
}

export const BATCH_LIMITS: BatchLimits = { maxCount: 2_000, maxBytes: 2 << 20, maxDelay: 1_000 }

/** What was gathered, in order. */
export interface Batch<T> {
  readonly entries: readonly T[]
  /** Spans in it. */
  readonly count: number
  readonly bytes: number
}

/**
 * Gathers entries (most often one trace each, encoded already) until they are worth a request. An entry larger than a
 * whole batch becomes a batch of its own.
 */
export class Batcher<T> {
  readonly #limits: BatchLimits
  readonly #hand: (batch: Batch<T>) => void
  readonly #clock: SenderClock
  #entries: T[] = []
  #count = 0
  #bytes = 0
  #cancel: (() => void) | undefined

  /** `hand`: is called with each full batch, outside of every trace. It must not throw. */
  constructor(hand: (batch: Batch<T>) => void, limits: Partial<BatchLimits> = {}, clock: SenderClock = SYSTEM_CLOCK) {
    this.#hand = hand
    this.#limits = { ...BATCH_LIMITS, ...limits }
    this.#clock = clock
  }

  /** Spans that wait. */
  get count(): number {
    return this.#count
  }

  get bytes(): number {
    return this.#bytes
  }

  /** `count`: the spans in the entry; `bytes`: its size as it will be sent, before compression. */
  add(entry: T, count: number, bytes: number): void {
    const { maxCount, maxBytes } = this.#limits
    if (this.#count > 0 && (this.#count + count > maxCount || this.#bytes + bytes > maxBytes)) this.flush()
    this.#entries.push(entry)
    this.#count += count
    this.#bytes += bytes
    if (this.#count >= maxCount || this.#bytes >= maxBytes) this.flush()
    else if (this.#cancel === undefined) this.#wait()
  }

  /** Hands on what there is, if anything. */
  flush(): void {
    const batch = this.take()
    if (batch !== undefined) untraced(() => this.#hand(batch))
  }

  /** What there is, without handing it on; undefined when that is nothing. */
  take(): Batch<T> | undefined {
    this.#cancel?.()
    this.#cancel = undefined
    if (this.#entries.length === 0) return undefined
    const batch = { entries: this.#entries, count: this.#count, bytes: this.#bytes }
    this.#entries = []
    this.#count = 0
    this.#bytes = 0
    return batch
  }

  #wait(): void {
    untraced(() => {
      this.#cancel = this.#clock.after(this.#limits.maxDelay, () => this.flush())
    })
  }
}
