import { comeAgain } from './refusal.ts'

/** Bytes of bodies that are being read, or wait for being kept: what comes when there are too many is told to come again. */
export class PendingBytes {
  readonly #max: number
  #bytes = 0

  constructor(max: number) {
    this.#max = max
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Throws a `Refusal`. What alone is more than all that may wait is let in when nothing does. */
  take(bytes: number): Reservation {
    if (this.#bytes > 0 && this.#bytes + bytes > this.#max) throw comeAgain(429, 'too much is waiting for being kept')
    return new Reservation(bytes, change => {
      this.#bytes += change
    })
  }
}

export class Reservation implements Disposable {
  readonly #change: (bytes: number) => void
  #bytes = 0

  constructor(bytes: number, change: (bytes: number) => void) {
    this.#change = change
    this.resize(bytes)
  }

  resize(bytes: number): void {
    this.#change(bytes - this.#bytes)
    this.#bytes = bytes
  }

  [Symbol.dispose](): void {
    this.resize(0)
  }
}
