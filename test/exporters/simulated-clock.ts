import type { SenderClock } from '../../runtime/exporters/sender-clock.ts'

interface Timer {
  readonly at: number
  readonly action: () => void
}

/** Time that passes when a test says so. */
export class SimulatedClock implements SenderClock {
  #now = 1_795_359_600_000
  readonly #timers = new Set<Timer>()

  now(): number {
    return this.#now
  }

  after(milliseconds: number, action: () => void): () => void {
    const timer = { at: this.#now + milliseconds, action }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  random(): number {
    return 0.5
  }

  /** Lets time pass, timer by timer; what each of them brings about has come to rest before the next. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds
    await rest()
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#now = next.at
      this.#timers.delete(next)
      next.action()
      await rest()
    }
    this.#now = end
  }

  #next(end: number): Timer | undefined {
    const due = [...this.#timers].filter(({ at }) => at <= end)
    return due.sort((a, b) => a.at - b.at)[0]
  }
}

/** Compression runs in a pool of threads; everything else in a few turns. */
async function rest(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise(resolve => setImmediate(resolve))
}
