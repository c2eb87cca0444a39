import { hourOf } from './codes.ts'
import type { Connection } from './connection.ts'

/** Stands for all hours together. */
export const ALL_HOURS = -1

const CHANGE = `INSERT INTO counts VALUES (?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET count = count + excluded.count`
const BOUND = 'UPDATE series SET last = max(last, ?), states = states | ? WHERE no = ?'

/** How many traces there are of each series and state, by hour: changes are gathered, and written once a batch. */
export class Counts {
  readonly #connection: Connection
  readonly #changes = new Map<string, [series: number, state: number, hour: number, change: number]>()
  readonly #bounds = new Map<number, { last: bigint; states: number }>()

  constructor(connection: Connection) {
    this.#connection = connection
  }

  add(series: number, state: number, start: bigint): void {
    this.#change(series, state, hourOf(start), 1)
    const bound = this.#bounds.get(series)
    const last = bound === undefined || start > bound.last ? start : bound.last
    this.#bounds.set(series, { last, states: (bound?.states ?? 0) | (1 << state) })
  }

  remove(series: number, state: number, start: bigint): void {
    this.#change(series, state, hourOf(start), -1)
  }

  /** Several at once, of one hour. */
  removeMany(series: number, state: number, hour: number, count: number): void {
    this.#change(series, state, hour, -count)
  }

  flush(): void {
    for (const [series, state, hour, change] of this.#changes.values()) {
      if (change === 0) continue
      for (const each of [hour, ALL_HOURS]) this.#connection.run(CHANGE, series, state, each, change)
      if (change < 0)
        this.#connection.run('DELETE FROM counts WHERE series = ? AND state = ? AND count = 0', series, state)
    }
    for (const [series, { last, states }] of this.#bounds) this.#connection.run(BOUND, last, states, series)
    this.forget()
  }

  forget(): void {
    this.#changes.clear()
    this.#bounds.clear()
  }

  #change(series: number, state: number, hour: number, change: number): void {
    const key = `${series} ${state} ${hour}`
    const known = this.#changes.get(key)
    if (known === undefined) this.#changes.set(key, [series, state, hour, change])
    else known[3] += change
  }
}
