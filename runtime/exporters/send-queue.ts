import type { Outcome } from './delivery.ts'
import { type SenderClock, SYSTEM_CLOCK } from './sender-clock.ts'

/** A body that waits to be sent. */
export interface Parcel {
  readonly body: Uint8Array
  /** Spans in it. */
  readonly count: number
}

export interface SendQueueOptions<P extends Parcel> {
  /** Never rejects. */
  readonly send: (parcel: P, signal: AbortSignal) => Promise<Outcome>
  /** Called with what became of each parcel that was sent. */
  readonly settled: (parcel: P, outcome: Outcome) => void
  /** Called with what there was no room for: the oldest go first. */
  readonly dropped: (parcel: P) => void
  /** Bytes that may wait. */
  readonly maxBytes: number
  readonly clock?: SenderClock
}

/** Sends parcels one after the other, in order. */
export class SendQueue<P extends Parcel> {
  readonly #options: SendQueueOptions<P>
  readonly #clock: SenderClock
  readonly #waiting: P[] = []
  #bytes = 0
  #sending: { readonly parcel: P; readonly stop: AbortController } | undefined
  #whenEmpty: (() => void)[] = []

  constructor(options: SendQueueOptions<P>) {
    this.#options = options
    this.#clock = options.clock ?? SYSTEM_CLOCK
  }

  /** Spans that wait or are under way. */
  get count(): number {
    return this.#waiting.reduce((sum, { count }) => sum + count, this.#sending?.parcel.count ?? 0)
  }

  /** Bytes that wait. */
  get bytes(): number {
    return this.#bytes
  }

  push(parcel: P): void {
    this.#waiting.push(parcel)
    this.#bytes += parcel.body.length
    while (this.#bytes > this.#options.maxBytes) this.#options.dropped(this.#shift() as P)
    if (this.#sending === undefined) void this.#run()
  }

  /** Resolves when nothing waits nor is under way, at the latest after `deadline` milliseconds. */
  empty(deadline: number): Promise<void> {
    if (this.#sending === undefined) return Promise.resolve()
    return new Promise(resolve => {
      const end = (): void => {
        cancel()
        resolve()
      }
      const cancel = this.#clock.after(deadline, end, true)
      this.#whenEmpty.push(end)
    })
  }

  /** Stops, and returns what was not answered yet: the one under way may or may not have arrived. */
  takeAll(): P[] {
    const left = [...(this.#sending === undefined ? [] : [this.#sending.parcel]), ...this.#waiting]
    this.#waiting.length = 0
    this.#bytes = 0
    const sending = this.#sending
    this.#sending = undefined
    sending?.stop.abort()
    this.#isEmpty()
    return left
  }

  async #run(): Promise<void> {
    for (let parcel = this.#shift(); parcel !== undefined; parcel = this.#shift()) {
      const sending = { parcel, stop: new AbortController() }
      this.#sending = sending
      const outcome = await this.#options.send(parcel, sending.stop.signal)
      // Taken away meanwhile: another will say what became of it.
      if (this.#sending !== sending) return
      this.#sending = undefined
      this.#options.settled(parcel, outcome)
    }
    this.#isEmpty()
  }

  #isEmpty(): void {
    for (const end of this.#whenEmpty.splice(0)) end()
  }

  #shift(): P | undefined {
    const parcel = this.#waiting.shift()
    if (parcel !== undefined) this.#bytes -= parcel.body.length
    return parcel
  }
}
