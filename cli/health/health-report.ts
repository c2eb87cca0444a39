import { TRACE_STATUSES, type TraceStatus } from '../../store/trace-status.ts'
import type { ErrorGroup, HealthFigures, Period, Regression, TimePart } from '../../store/trace-store.ts'
import type { Marks } from '../../store/triage.ts'

/** How a namespace does, as JSON has it: times as ISO 8601, durations in milliseconds. */
export interface HealthReport {
  readonly namespace: string
  readonly since: string
  readonly until: string
  readonly healthy: boolean
  /** Traces by status, in the period and in as long a time before it. */
  readonly traces: readonly { readonly status: TraceStatus; readonly now: number; readonly before: number }[]
  readonly newErrors: readonly ReportedError[]
  readonly recurringErrors: readonly ReportedError[]
  readonly slower: readonly ReportedRegression[]
  /** Names whose traces came before the period, and not in it. */
  readonly stopped: readonly { readonly name: string; readonly last: string }[]
  readonly senders: readonly {
    readonly tags: Readonly<Record<string, string>>
    readonly last: string
    readonly health: object
  }[]
}

export interface ReportedError {
  readonly id: number
  readonly error: string
  readonly state: string
  readonly marks: Marks
  readonly count: number
  readonly last: string
  readonly traceId?: string
}

export interface ReportedRegression {
  readonly name: string
  readonly version: string
  readonly quantile: 'p50' | 'p99'
  readonly beforeMs: number
  readonly nowMs: number
  /** What takes the time that is new, of one call on average; without a name: the function's own code. */
  readonly growth?: readonly { readonly name?: string; readonly beforeMs: number; readonly nowMs: number }[]
  readonly traceId?: string
}

export function healthReport(namespace: string, { since, until }: Period, figures: HealthFigures): HealthReport {
  const { now, before, newErrors, recurringErrors, regressions, stopped, senders } = figures
  const traces = TRACE_STATUSES.map(status => ({ status, now: now[status] ?? 0, before: before[status] ?? 0 }))
  const report = {
    namespace,
    since: isoTime(since),
    until: isoTime(until),
    traces: traces.filter(each => each.now > 0 || each.before > 0),
    newErrors: newErrors.map(reportedError),
    recurringErrors: recurringErrors.map(reportedError),
    slower: regressions.map(reportedRegression),
    stopped: stopped.map(({ name, last }) => ({ name, last: isoTime(last) })),
    senders: senders.map(({ tags, last, health }) => ({ tags, last: new Date(last).toISOString(), health })),
  }
  return { ...report, healthy: isHealthy(report) }
}

type Judged = Pick<HealthReport, 'traces' | 'newErrors' | 'recurringErrors' | 'slower' | 'stopped'>

/** What is known, and goes on as it did, is nothing to look at. */
export function isHealthy(report: Judged): boolean {
  return concernsOf(report).length === 0
}

/** What there is to look at, in a few words each. */
export function concernsOf({ traces, newErrors, recurringErrors, slower, stopped }: Judged): string[] {
  const more = traces.filter(({ status, now, before }) => (status === 'FAIL' || status === 'CRASH') && now > before)
  const unknown = newErrors.filter(({ state, marks }) => !DECIDED.has(state) && !isNoFailure(marks))
  const worse = recurringErrors.filter(({ state }) => state === 'regressed' || state === 'escalating')
  return [
    ...(more.length > 0 ? ['more traces fail'] : []),
    ...counted(unknown.length, 'new error', 'new errors'),
    ...counted(worse.length, 'error came back', 'errors came back'),
    ...counted(slower.length, 'function is slower', 'functions are slower'),
    ...counted(stopped.length, 'name has stopped', 'names have stopped'),
  ]
}

function counted(count: number, one: string, many: string): string[] {
  return count === 0 ? [] : [`${count} ${count === 1 ? one : many}`]
}

const DECIDED: ReadonlySet<string> = new Set(['archived', 'resolved'])

/** Somebody has looked at it, and said so. */
function isNoFailure({ severity, crash }: Marks): boolean {
  return (severity === 'OK' || severity === 'WARN') && !crash
}

function reportedError({ id, type, message, state, marks, count, last, lastTraceId }: ErrorGroup): ReportedError {
  const traceId = lastTraceId === undefined ? {} : { traceId: lastTraceId }
  return { id, error: `${type}: ${message}`, state, marks, count, last: new Date(last).toISOString(), ...traceId }
}

function reportedRegression(regression: Regression): ReportedRegression {
  const { name, version, quantile, before, now, growth, example } = regression
  return {
    name,
    version,
    quantile,
    beforeMs: before / 1e6,
    nowMs: now / 1e6,
    ...(growth !== undefined && { growth: growth.map(reportedPart) }),
    ...(example !== undefined && { traceId: example.traceId }),
  }
}

function reportedPart({ name, before, now }: TimePart): NonNullable<ReportedRegression['growth']>[number] {
  return { ...(name !== undefined && { name }), beforeMs: before / 1e6, nowMs: now / 1e6 }
}

function isoTime(nanoseconds: bigint): string {
  return new Date(Number(nanoseconds / 1_000_000n)).toISOString()
}
