import { TRACE_STATUSES } from '../trace-status.ts'
import type { DashboardRow, TraceFilter, TraceQuery, TraceSummary } from '../trace-store.ts'
import { decodeState, encodeState, hourOf, startOfHour } from './codes.ts'
import type { Connection } from './connection.ts'
import { ALL_HOURS } from './counts.ts'
import { textMatches } from './text-search.ts'
import { SUMMARY, type SummaryRow, summaryOf } from './trace-reader.ts'

const LIMIT = 50
/** Beyond any time that a span can have. */
const NEVER: bigint = 2n ** 63n - 1n

interface Series {
  readonly no: bigint
  readonly name: string
  readonly last: bigint
  readonly states: bigint
}

/**
 * The newest traces of a filter. Each series and state has its traces in order of time, and each series knows how new its newest may be: so
 * the newest series are looked at first, until none is left that could have anything newer than what was found.
 */
export function listTraces(connection: Connection, namespace: number, query: TraceQuery): TraceSummary[] {
  const limit = query.limit ?? LIMIT
  const series = seriesOf(connection, namespace, query)
  if (query.text !== undefined) return searched(connection, namespace, series, query, limit)
  const until = query.until ?? NEVER
  let floor = query.since ?? 0n
  let found: { no: bigint; start: bigint }[] = []
  const sql =
    'SELECT no, start FROM traces WHERE series = ? AND state = ? AND start >= ? AND start < ? ORDER BY start DESC LIMIT ?'
  for (const { no, last, states } of series) {
    if (last < floor) break
    for (const state of statesOf(query, Number(states)))
      found.push(...connection.allBig<{ no: bigint; start: bigint }>(sql, no, state, floor, until, limit))
    if (found.length < limit) continue
    found = found.sort(newestFirst).slice(0, limit)
    floor = found.at(-1)!.start
  }
  return found
    .sort(newestFirst)
    .slice(0, limit)
    .map(({ no }) => summary(connection, no))
}

/** Counts of whole hours are kept; those of the hours that a filter cuts are counted. */
export function dashboard(connection: Connection, namespace: number, filter: TraceFilter): DashboardRow[] {
  const rows = new Map<string, { name: string; status: DashboardRow['status']; count: number; last: bigint }>()
  for (const { no, name, states, last: bound } of seriesOf(connection, namespace, filter)) {
    if (bound < (filter.since ?? 0n)) continue
    for (const state of statesOf(filter, Number(states))) {
      const count = countOf(connection, no, state, filter)
      if (count === 0) continue
      const { status } = decodeState(state)
      const key = `${status} ${name}`
      const row = rows.get(key) ?? { name, status, count: 0, last: -1n }
      row.count += count
      const last = bound <= row.last ? row.last : lastOf(connection, no, state, filter)
      if (last > row.last) row.last = last
      rows.set(key, row)
    }
  }
  return [...rows.values()].sort((a, b) => (a.last > b.last ? -1 : 1))
}

/** How many traces of each status. */
export function countByStatus(
  connection: Connection,
  namespace: number,
  filter: TraceFilter,
): Partial<Record<DashboardRow['status'], number>> {
  const counts: Partial<Record<DashboardRow['status'], number>> = {}
  for (const { status, count } of dashboard(connection, namespace, filter))
    counts[status] = (counts[status] ?? 0) + count
  return counts
}

/** The newest first. */
function seriesOf(connection: Connection, namespace: number, { name, tags }: TraceQuery): Series[] {
  const conditions = ['namespace = ?']
  const values: (string | number)[] = [namespace]
  if (name !== undefined) {
    conditions.push('name = ?')
    values.push(name)
  }
  for (const [tag, value] of Object.entries(tags ?? {})) {
    conditions.push('tagset IN (SELECT tagset FROM tags WHERE namespace = ? AND name = ? AND value = ?)')
    values.push(namespace, tag, value)
  }
  const sql = `SELECT no, name, last, states FROM series WHERE ${conditions.join(' AND ')} ORDER BY last DESC`
  return connection.allBig<Series>(sql, ...values)
}

function statesOf({ statuses = TRACE_STATUSES, speed }: TraceFilter, seen: number): number[] {
  const speeds = speed === undefined ? [false, true] : [speed === 'slow']
  const states = statuses.flatMap(status => speeds.map(slow => encodeState(status, slow)))
  return states.filter(state => (seen & (1 << state)) !== 0)
}

function countOf(connection: Connection, series: bigint, state: number, { since, until }: TraceFilter): number {
  const hours =
    'SELECT coalesce(sum(count), 0) AS count FROM counts WHERE series = ? AND state = ? AND hour >= ? AND hour < ?'
  const count = (sql: string, ...values: (number | bigint)[]): number =>
    connection.get(sql, series, state, ...values)?.['count'] ?? 0
  if (since === undefined && until === undefined) return count(hours, ALL_HOURS, ALL_HOURS + 1)
  const traces = 'SELECT count(*) AS count FROM traces WHERE series = ? AND state = ? AND start >= ? AND start < ?'
  const [from, to] = [since ?? 0n, until ?? NEVER]
  const [first, end] = [hourOf(from + startOfHour(1) - 1n), hourOf(to)]
  if (first >= end) return count(traces, from, to)
  const [head, tail] = [startOfHour(first), startOfHour(end)]
  const cut = (a: bigint, b: bigint): number => (a < b ? count(traces, a, b) : 0)
  return cut(from, head) + count(hours, first, end) + cut(tail, to)
}

function lastOf(connection: Connection, series: bigint, state: number, { until }: TraceFilter): bigint {
  const sql = 'SELECT start FROM traces WHERE series = ? AND state = ? AND start < ? ORDER BY start DESC LIMIT 1'
  return connection.getBig<{ start: bigint }>(sql, series, state, until ?? NEVER)?.start ?? 0n
}

/** In the order in which they arrived, the newest first; sorted when there are enough. */
function searched(
  connection: Connection,
  namespace: number,
  series: readonly Series[],
  query: TraceQuery,
  limit: number,
): TraceSummary[] {
  const { since = 0n, until = NEVER, text = '' } = query
  const wanted = new Set(series.map(({ no }) => no))
  const states = new Set(statesOf(query, -1))
  const sql = 'SELECT series, state, start FROM traces WHERE no = ? AND namespace = ?'
  const isWanted = (trace: number): boolean => {
    const row = connection.getBig<{ series: bigint; state: bigint; start: bigint }>(sql, trace, namespace)
    if (row === undefined || !wanted.has(row.series) || !states.has(Number(row.state))) return false
    return row.start >= since && row.start < until
  }
  const found = textMatches(connection, text, isWanted, limit).map(no => summary(connection, BigInt(no)))
  return found.sort(newestFirst)
}

function summary(connection: Connection, no: bigint): TraceSummary {
  return summaryOf(connection.getBig<SummaryRow>(`${SUMMARY} WHERE traces.no = ?`, no) as SummaryRow)
}

function newestFirst(a: { readonly start: bigint }, b: { readonly start: bigint }): number {
  if (a.start === b.start) return 0
  return a.start > b.start ? -1 : 1
}
