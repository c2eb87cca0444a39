import { type CallTime, type Interval, timeOf } from '../self-time.ts'
import { AwaitedSpans } from './awaited-spans.ts'
import { startOfHour } from './codes.ts'
import type { Connection } from './connection.ts'

/** Of a function: hours that are looked at, traces of a state in each, and spans that are read in all. */
const HOURS = 3
const TRACES = 20
const SPANS = 10_000

/** Calls of a function in one version, or in all others. */
export interface CallsOf {
  /** Of the function. */
  readonly id: string
  readonly version: string
  readonly side: 'now' | 'before'
}

interface StoredHour {
  readonly hour: number
  readonly series: number
  readonly states: number
  readonly slowest: number
}

/**
 * Where the time of some calls went: of the newest traces like those in which the function was slowest, hour by hour; they are as usual as any.
 * Where these have no calls of it, the slowest ones have to do.
 */
export function callTimes(connection: Connection, namespace: number, calls: CallsOf): CallTime[] {
  const sql = `SELECT hour, series, states, traces.no AS slowest FROM durations
    JOIN functions ON functions.no = durations.function JOIN traces ON traces.no = slowest_trace
    JOIN series ON series.no = traces.series
    WHERE functions.namespace = ? AND functions.id = ? AND version ${calls.side === 'now' ? '=' : '<>'} ?
    ORDER BY hour DESC LIMIT ${HOURS}`
  const hours = connection.all<StoredHour>(sql, namespace, calls.id, calls.version)
  const reader = new CallReader(connection, calls)
  const usual = hours.flatMap(hour => tracesLike(connection, hour)).flatMap(trace => reader.read(trace))
  return usual.length > 0 ? usual : hours.flatMap(({ slowest }) => reader.read(slowest))
}

function tracesLike(connection: Connection, { hour, series, states }: StoredHour): number[] {
  const sql =
    'SELECT no FROM traces WHERE series = ? AND state = ? AND start >= ? AND start < ? ORDER BY start DESC LIMIT ?'
  const found: number[] = []
  for (let state = 0; 1 << state <= states; state++)
    if (states & (1 << state))
      for (const { no } of connection.all<{ no: number }>(
        sql,
        series,
        state,
        startOfHour(hour),
        startOfHour(hour + 1),
        TRACES,
      ))
        found.push(no)
  return found
}

interface StoredSpan {
  readonly id: bigint
  readonly parent: bigint | null
  readonly start: bigint
  readonly duration: bigint | null
  readonly place: bigint
  readonly tagset: bigint
  readonly total: string | null
}

const SPANS_OF = `SELECT spans.id, parent, spans.start, spans.duration, place, coalesce(spans.tagset, series.tagset) AS tagset,
  json_extract(body, '$.calls.total') AS total
  FROM spans JOIN traces ON traces.no = trace JOIN series ON series.no = series WHERE trace = ?`

class CallReader {
  readonly #connection: Connection
  readonly #calls: CallsOf
  readonly #functions = new Map<bigint, { readonly id: string; readonly name: string }>()
  readonly #versions = new Map<bigint, string>()
  #read = 0

  constructor(connection: Connection, calls: CallsOf) {
    this.#connection = connection
    this.#calls = calls
  }

  read(trace: number): CallTime[] {
    if (this.#read >= SPANS) return []
    const spans = this.#connection.allBig<StoredSpan>(SPANS_OF, trace)
    this.#read += spans.length
    const wanted = spans.filter(span => this.#isWanted(span))
    if (wanted.length === 0) return []
    const awaited = new AwaitedSpans(spans)
    return wanted.map(span => {
      const call = this.#interval(span, span.start)
      return timeOf(
        call,
        awaited.of(span).map(each => this.#interval(each, call.to)),
      )
    })
  }

  /** Nodes that stand for many calls say nothing of one. */
  #isWanted({ duration, total, place, tagset }: StoredSpan): boolean {
    if (duration === null || total !== null || this.#functionOf(place).id !== this.#calls.id) return false
    return (this.#versionOf(tagset) === this.#calls.version) === (this.#calls.side === 'now')
  }

  /** `until`: where a span that still runs has got to. */
  #interval({ start, duration, place, total }: StoredSpan, until: bigint): Interval {
    const to = duration === null ? until : start + duration
    return { from: start, to, ...this.#functionOf(place), ...(total !== null && { total: BigInt(total) }) }
  }

  #functionOf(place: bigint): { readonly id: string; readonly name: string } {
    let known = this.#functions.get(place)
    if (known === undefined) {
      const row = this.#connection.get<{ place: string }>('SELECT place FROM places WHERE no = ?', place)
      const { name, site } = JSON.parse(row?.place ?? '{}') as { name: string; site?: { id: string; name: string } }
      known = { id: site?.id ?? name, name: site?.name ?? name }
      this.#functions.set(place, known)
    }
    return known
  }

  #versionOf(tagset: bigint): string {
    let known = this.#versions.get(tagset)
    if (known === undefined) {
      const row = this.#connection.get<{ tags: string }>('SELECT tags FROM tagsets WHERE no = ?', tagset)
      known = (JSON.parse(row?.tags ?? '{}') as Record<string, string>)['version'] ?? ''
      this.#versions.set(tagset, known)
    }
    return known
  }
}
