import { slowerThan } from '../baseline.ts'
import { growthOf } from '../self-time.ts'
import { Sketch } from '../sketch.ts'
import type { FunctionLatency, FunctionQuery, Regression, SlowSpan } from '../trace-store.ts'
import { compareVersions } from '../triage.ts'
import { callTimes } from './call-times.ts'
import { decodeSpanId, decodeTraceId, hourOf } from './codes.ts'
import type { Connection } from './connection.ts'

const LIMIT = 50
/** Regressions whose calls are looked into: some 20 ms each. */
const MAX_EXPLAINED = 20

interface StoredHour {
  readonly id: string
  readonly name: string
  readonly version: string
  readonly hour: bigint
  readonly total: number
  readonly sketch: Uint8Array
  readonly slowest: bigint
  readonly slowest_span: bigint
  readonly trace: Uint8Array | null
}

/** Of one function and version, over several hours. */
interface Latency {
  readonly id: string
  readonly name: string
  readonly version: string
  readonly sketch: Sketch
  /** The hour of its first call. */
  first: bigint
  total: number
  slowest: StoredHour
}

const HOURS = `SELECT functions.id, functions.name, version, hour, total, sketch, slowest, slowest_span, traces.id AS trace
  FROM functions JOIN durations ON durations.function = functions.no LEFT JOIN traces ON traces.no = slowest_trace
  WHERE functions.namespace = ? AND hour >= ? AND hour <= ?`

export function functionLatencies(connection: Connection, namespace: number, query: FunctionQuery): FunctionLatency[] {
  const { version, since = 0n, until, limit = LIMIT } = query
  const last = until === undefined ? Number.MAX_SAFE_INTEGER : hourOf(until)
  const all = latencies(connection, namespace, hourOf(since), last)
  const wanted = all.filter(each => version === undefined || each.version === version)
  return wanted
    .sort((a, b) => b.total - a.total)
    .slice(0, limit)
    .map(({ id, name, version, sketch, total, slowest }) => ({
      id,
      name,
      version,
      count: sketch.count,
      total,
      p50: sketch.quantile(0.5),
      p99: sketch.quantile(0.99),
      slowest: { duration: Number(slowest.slowest), ...exampleOf(slowest) },
    }))
}

/** Against all other versions, or those that came before it. What explains itself comes first: the rest waits for it. */
export function regressionsOf(
  connection: Connection,
  namespace: number,
  version: string,
  against: 'others' | 'earlier' = 'others',
): Regression[] {
  const byFunction = Map.groupBy(latencies(connection, namespace, 0, Number.MAX_SAFE_INTEGER), ({ id }) => id)
  const found: Regression[] = []
  for (const versions of byFunction.values()) {
    const now = versions.find(each => each.version === version)
    if (now === undefined) continue
    const others = versions.filter(each => each !== now && (against === 'others' || isEarlier(each, now)))
    if (others.length === 0) continue
    const before = new Sketch()
    for (const { sketch } of others) before.merge(sketch)
    const change = slowerThan(before, now.sketch)
    if (change === undefined) continue
    const slowest = others.reduce((a, b) => (b.slowest.slowest > a.slowest.slowest ? b : a)).slowest
    const examples = [withTrace(now.slowest), withTrace(slowest)]
    found.push({
      id: now.id,
      name: now.name,
      version,
      ...change,
      ...(examples[0] !== undefined && { example: examples[0] }),
      ...(examples[1] !== undefined && { exampleBefore: examples[1] }),
    })
  }
  found.sort((a, b) => b.now / b.before - a.now / a.before)
  const told = found.map((each, i) => (i < MAX_EXPLAINED ? explained(connection, namespace, each) : each))
  return told.sort((a, b) => Number(isCause(b)) - Number(isCause(a)))
}

/** Within an hour their names tell. */
function isEarlier(a: Latency, b: Latency): boolean {
  return a.first === b.first ? compareVersions(a.version, b.version) < 0 : a.first < b.first
}

/** Whether it is its own code, more than what it calls, that takes longer. */
function isCause({ growth }: Regression): boolean {
  return growth?.[0] !== undefined && growth[0].id === undefined
}

function explained(connection: Connection, namespace: number, regression: Regression): Regression {
  const { id, version, quantile } = regression
  const [before, now] = (['before', 'now'] as const).map(side =>
    callTimes(connection, namespace, { id, version, side }),
  )
  const growth = growthOf(before ?? [], now ?? [], quantile)
  return growth === undefined ? regression : { ...regression, growth }
}

export function slowSpansOf(
  connection: Connection,
  namespace: number,
  since: bigint,
  limit: number = LIMIT,
): SlowSpan[] {
  const sql = `SELECT traces.id AS trace, slow_spans.span, slow_spans.name, slow_spans.start, slow_spans.duration, p50, p99
    FROM slow_spans JOIN traces ON traces.no = slow_spans.trace
    WHERE slow_spans.namespace = ? AND slow_spans.start >= ? ORDER BY slow_spans.start DESC LIMIT ?`
  type Stored = Omit<SlowSpan, 'traceId' | 'spanId'> & { trace: Uint8Array; span: bigint }
  return connection.allBig<Stored>(sql, namespace, since, limit).map(({ trace, span, ...row }) => ({
    traceId: decodeTraceId(trace),
    spanId: decodeSpanId(span),
    ...row,
  }))
}

function latencies(connection: Connection, namespace: number, first: number, last: number): Latency[] {
  const found = new Map<string, Latency>()
  for (const row of connection.allBig<StoredHour>(HOURS, namespace, first, last)) {
    const key = `${row.version}\n${row.id}`
    const known = found.get(key)
    const sketch = Sketch.decode(row.sketch)
    if (known === undefined) {
      const { id, name, version, hour, total } = row
      found.set(key, { id, name, version, first: hour, sketch, total, slowest: row })
      continue
    }
    known.sketch.merge(sketch)
    if (row.hour < known.first) known.first = row.hour
    known.total += row.total
    if (row.slowest > known.slowest.slowest) known.slowest = row
  }
  return [...found.values()]
}

/** Its trace may be gone. */
function exampleOf({ trace, slowest_span }: StoredHour): { traceId?: string; spanId: string } {
  return { ...(trace !== null && { traceId: decodeTraceId(trace) }), spanId: decodeSpanId(slowest_span) }
}

function withTrace(hour: StoredHour): { traceId: string; spanId: string } | undefined {
  const { traceId, spanId } = exampleOf(hour)
  return traceId === undefined ? undefined : { traceId, spanId }
}
