import { styles } from '../../runtime/exporters/colours.ts'
import { formatDuration } from '../../runtime/exporters/duration.ts'
import type { FunctionLatency, Regression, SlowSpan } from '../../store/trace-store.ts'
import { compareVersions } from '../../store/triage.ts'
import { growthText } from './growth-text.ts'
import { milliseconds, momentText } from './moment.ts'
import { json, note, printTable } from './print.ts'
import { callsFor, slowestWithin } from './slow-calls.ts'
import { FOUND, NONE, type Session } from './store-command.ts'
import type { Cell, Column } from './table.ts'

export interface SlowQuery {
  /** To compare with the others; the newest of each app unless told. */
  readonly appVersion?: string
  readonly since?: bigint
  readonly limit?: number
}

const LIMIT = 20

const right = (title: string): Column => ({ title, align: 'right' })
const name: Column = { title: 'Name', flexible: true }

const REGRESSIONS: readonly Column[] = [
  name,
  { title: 'Version' },
  right('Quantile'),
  right('Before'),
  right('Now'),
  right('Times'),
  { title: 'Because of', flexible: true },
]
const SPANS: readonly Column[] = [
  { title: 'Began' },
  name,
  right('Took'),
  right('Usually'),
  { ...right('p99'), expendable: true },
  { title: 'Trace' },
]
const FUNCTIONS: readonly Column[] = [
  name,
  { title: 'Version' },
  right('Calls'),
  right('In sum'),
  right('p50'),
  right('p99'),
  right('Slowest'),
]

export async function printSlow(session: Session, query: SlowQuery): Promise<number> {
  const { client, namespace } = session
  const { appVersion: version, since, limit = LIMIT } = query
  const from = since === undefined ? {} : { since }
  const ofVersion = version === undefined ? {} : { version }
  const [regressions, spans, functions] = await Promise.all([
    regressionsOf(session, version),
    client.slowSpans(namespace, { ...from, limit: session.json ? limit : callsFor(limit) }),
    client.functions(namespace, { ...from, ...ofVersion, limit }),
  ])
  if (session.json) process.stdout.write(`${json({ regressions, spans, functions })}\n`)
  else printTables(regressions.slice(0, limit), slowestWithin(spans, limit), functions)
  return regressions.length + spans.length + functions.length > 0 ? FOUND : NONE
}

async function regressionsOf({ client, namespace }: Session, version: string | undefined): Promise<Regression[]> {
  const versions = version === undefined ? await newestVersions(client, namespace) : [version]
  return (await Promise.all(versions.map(each => client.regressions(namespace, each)))).flat()
}

async function newestVersions(client: Session['client'], namespace: string): Promise<string[]> {
  const { apps = [] } = (await client.namespaces()).find(each => each.name === namespace) ?? {}
  const newest = apps.flatMap(({ versions }) => [...versions].sort(compareVersions).slice(-1))
  return [...new Set(newest)]
}

function printTables(
  regressions: readonly Regression[],
  spans: readonly SlowSpan[],
  functions: readonly FunctionLatency[],
): void {
  const tables = [
    ['Slower than before', REGRESSIONS, regressions.map(regressionRow)],
    ['Slow calls', SPANS, spans.map(spanRow)],
    ['Functions', FUNCTIONS, functions.map(functionRow)],
  ] as const
  const filled = tables.filter(([, , rows]) => rows.length > 0)
  for (const [i, [title, columns, rows]] of filled.entries()) {
    process.stdout.write(`${i > 0 ? '\n' : ''}${title}\n`)
    printTable(columns, () => rows)
  }
  if (filled.length === 0) note('Nothing is known of how long calls take here.')
}

export function regressionRow({ name, version, quantile, before, now, growth }: Regression): Cell[] {
  const times = `× ${(now / Math.max(before, 1)).toPrecision(2)}`
  return [
    { text: name },
    { text: version, paint: styles.muted },
    { text: quantile, paint: styles.muted },
    { text: duration(before) },
    { text: duration(now), paint: styles.slow },
    { text: times, paint: styles.slow },
    { text: growthText(growth) },
  ]
}

function spanRow({ traceId, name, start, duration: took, p50, p99 }: SlowSpan): Cell[] {
  return [
    { text: momentText(milliseconds(start)), paint: styles.muted },
    { text: name },
    { text: formatDuration(took), paint: styles.slow },
    { text: formatDuration(p50) },
    { text: formatDuration(p99) },
    { text: traceId, paint: styles.muted },
  ]
}

function functionRow({ name, version, count, total, p50, p99, slowest }: FunctionLatency): Cell[] {
  return [
    { text: name },
    { text: version, paint: styles.muted },
    { text: String(count), paint: styles.count },
    { text: duration(total) },
    { text: duration(p50) },
    { text: duration(p99) },
    { text: duration(slowest.duration) },
  ]
}

export function duration(nanoseconds: number): string {
  return formatDuration(BigInt(Math.round(nanoseconds)))
}
