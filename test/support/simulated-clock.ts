import type { SenderClock } from '../../runtime/exporters/sender-clock.ts'

/** A clock that stands still until it is told to go on. Chance is always a half. */
export class SimulatedClock implements SenderClock {
  #now = 1_800_000_000_000
  #timers: { readonly at: number; readonly action: () => void }[] = []

  now(): number {
    return this.#now
  }

  after(milliseconds: number, action: () => void): () => void {
    const timer = { at: this.#now + milliseconds, action }
    this.#timers.push(timer)
    return () => {
      this.#timers = this.#timers.filter(each => each !== timer)
    }
  }

  random(): number {
    return 0.5
  }

  advance(milliseconds: number): void {
    const end = this.#now + milliseconds
    for (let next = this.#next(); next !== undefined && next.at <= end; next = this.#next()) this.#run(next)
    this.#now = end
  }

  /** Goes on from timer to timer until the promise settles. */
  async until<T>(promise: Promise<T>): Promise<T> {
    let settled = false
    const end = (): void => {
      settled = true
    }
    promise.then(end, end)
    for (;;) {
      await this.settle()
      const next = this.#next()
      if (settled || next === undefined) return await promise
      this.#run(next)
    }
  }

  /** Lets go on what waits for nothing but its turn. */
  async settle(): Promise<void> {
    for (let i = 0; i < 5; i++) await new Promise(resolve => setImmediate(resolve))
  }

  #next(): { readonly at: number; readonly action: () => void } | undefined {
    return this.#timers.sort((a, b) => a.at - b.at)[0]
  }

  #run(timer: { readonly at: number; readonly action: () => void }): void {
    this.#timers = this.#timers.filter(each => each !== timer)
    this.#now = timer.at
    timer.action()
  }
}
