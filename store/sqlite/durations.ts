import { Sketch } from '../sketch.ts'
import type { SpanRecord } from '../span-record.ts'
import { hourOf } from './codes.ts'
import type { Connection } from './connection.ts'

interface Hour {
  readonly function: number
  readonly version: string
  readonly hour: number
  readonly sketch: Sketch
  total: number
  slowest: number
  slowestTrace: number
  slowestSpan: bigint
}

interface StoredHour {
  readonly total: number
  readonly slowest: number
  readonly sketch: Uint8Array
}

const FIND = 'SELECT total, slowest, sketch FROM durations WHERE function = ? AND version = ? AND hour = ?'
const INSERT = 'INSERT INTO durations VALUES (?, ?, ?, ?, ?, ?, ?, ?)'
const UPDATE = 'UPDATE durations SET total = ?, sketch = ? WHERE function = ? AND version = ? AND hour = ?'
const SLOWEST = `UPDATE durations SET slowest = ?, slowest_trace = ?, slowest_span = ?
  WHERE function = ? AND version = ? AND hour = ?`

/** `of`: the number of its function. */
export interface EndedSpan {
  readonly of: number
  readonly version: string
  readonly trace: number
  readonly span: SpanRecord
  readonly id: bigint
}

/** How long calls of each function took, by version and hour: gathered in memory, and written now and then. */
export class Durations {
  /** Spans that are not written. */
  pending = 0
  readonly #connection: Connection
  /** By function; of each, few versions and hours. */
  readonly #hours = new Map<number, Hour[]>()

  constructor(connection: Connection) {
    this.#connection = connection
  }

  add({ of, version, trace, span, id }: EndedSpan): void {
    const { startTime, endTime, calls } = span
    const hour = this.#hour(of, version, hourOf(startTime))
    // Many calls that share one node took no time as one.
    const duration = Math.max(0, Number(calls?.max ?? (endTime as bigint) - startTime))
    if (calls === undefined) hour.sketch.add(duration)
    else addCalls(hour.sketch, calls.count, Number(calls.p50), Number(calls.p99))
    hour.total += calls === undefined ? duration : Number(calls.total)
    this.pending++
    if (duration < hour.slowest) return
    hour.slowest = duration
    hour.slowestTrace = trace
    hour.slowestSpan = id
  }

  flush(): void {
    this.#connection.transaction(() => {
      for (const hours of this.#hours.values()) for (const hour of hours) this.#write(hour)
    })
    this.#hours.clear()
    this.pending = 0
  }

  #write({ sketch, total, slowest, slowestTrace, slowestSpan, ...key }: Hour): void {
    const by = [key.function, key.version, key.hour]
    const stored = this.#connection.get<StoredHour>(FIND, ...by)
    if (stored === undefined) {
      this.#connection.run(INSERT, ...by, total, Math.round(slowest), slowestTrace, slowestSpan, sketch.encode())
      return
    }
    const sum = Sketch.decode(stored.sketch)
    // What is gathered stays as it is: the transaction may be rolled back.
    sum.merge(sketch)
    this.#connection.run(UPDATE, total + stored.total, sum.encode(), ...by)
    if (slowest > stored.slowest) this.#connection.run(SLOWEST, Math.round(slowest), slowestTrace, slowestSpan, ...by)
  }

  #hour(of: number, version: string, hour: number): Hour {
    let hours = this.#hours.get(of)
    if (hours === undefined) this.#hours.set(of, (hours = []))
    for (const known of hours) if (known.hour === hour && known.version === version) return known
    const none = { total: 0, slowest: -1, slowestTrace: 0, slowestSpan: 0n }
    const made = { function: of, version, hour, sketch: new Sketch(), ...none }
    hours.push(made)
    return made
  }
}

/** As far as two quantiles tell. */
function addCalls(sketch: Sketch, count: number, p50: number, p99: number): void {
  const tail = Math.min(count, Math.ceil(count / 100))
  if (count > tail) sketch.add(p50, count - tail)
  if (tail > 0) sketch.add(p99, tail)
}
