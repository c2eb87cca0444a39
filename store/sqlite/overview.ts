import type { HealthFigures, NamespaceSummary, Period } from '../trace-store.ts'
import { hourOf, milliseconds } from './codes.ts'
import type { Connection } from './connection.ts'
import { ALL_HOURS } from './counts.ts'
import { errorGroups } from './error-groups.ts'
import { regressionsOf } from './latency-reader.ts'
import { countByStatus, dashboard } from './trace-list.ts'

/** Errors that a report names. */
const MAX_ERRORS = 100

export function namespaceSummaries(connection: Connection): NamespaceSummary[] {
  const sql = `SELECT namespaces.no, namespaces.name, namespaces.created,
      (SELECT coalesce(sum(count), 0) FROM series JOIN counts ON counts.series = series.no AND hour = ${ALL_HOURS}
        WHERE series.namespace = namespaces.no) AS traces,
      (SELECT max(last) FROM series WHERE series.namespace = namespaces.no) AS last
    FROM namespaces ORDER BY namespaces.name`
  type Stored = { no: bigint; name: string; created: bigint; traces: bigint; last: bigint | null }
  return connection.allBig<Stored>(sql).map(({ no, name, created, traces, last }) => ({
    name,
    created: Number(created),
    traces: Number(traces),
    ...(last !== null && { last }),
    apps: appsOf(connection, Number(no)),
  }))
}

function appsOf(connection: Connection, namespace: number): NamespaceSummary['apps'] {
  const apps = new Map<string, Set<string>>()
  for (const { tags } of connection.all<{ tags: string }>('SELECT tags FROM tagsets WHERE namespace = ?', namespace)) {
    const { app, version } = JSON.parse(tags) as Record<string, string>
    if (app === undefined) continue
    const versions = apps.get(app) ?? new Set()
    if (version !== undefined) versions.add(version)
    apps.set(app, versions)
  }
  return [...apps].map(([app, versions]) => ({ app, versions: [...versions].sort() }))
}

export function healthFigures(connection: Connection, namespace: number, period: Period, now: number): HealthFigures {
  const before = { since: period.since - (period.until - period.since), until: period.since }
  const [first, end] = [milliseconds(period.since), milliseconds(period.until)]
  const groups = errorGroups(connection, namespace, { since: first, limit: MAX_ERRORS }, now)
  const inPeriod = groups.filter(group => group.first < end)
  const names = new Set(dashboard(connection, namespace, period).map(({ name }) => name))
  const stopped = new Map<string, bigint>()
  for (const { name, last } of dashboard(connection, namespace, before)) {
    if (!names.has(name) && last > (stopped.get(name) ?? -1n)) stopped.set(name, last)
  }
  return {
    now: countByStatus(connection, namespace, period),
    before: countByStatus(connection, namespace, before),
    newErrors: inPeriod.filter(group => group.first >= first),
    recurringErrors: inPeriod.filter(group => group.first < first),
    stopped: [...stopped].map(([name, last]) => ({ name, last })),
    regressions: versionsIn(connection, namespace, period).flatMap(each =>
      regressionsOf(connection, namespace, each, 'earlier'),
    ),
    senders: sendersOf(connection, namespace),
  }
}

/** Those that began in the period, since what was there before has nothing to be compared with. */
function versionsIn(connection: Connection, namespace: number, { since, until }: Period): string[] {
  const sql = `SELECT version FROM durations JOIN functions ON functions.no = durations.function
    WHERE namespace = ? GROUP BY version HAVING min(hour) BETWEEN ? AND ?`
  const rows = connection.all<{ version: string }>(sql, namespace, hourOf(since), hourOf(until))
  return rows.map(({ version }) => version)
}

function sendersOf(connection: Connection, namespace: number): HealthFigures['senders'] {
  const sql = `SELECT tags, run, last, health FROM senders JOIN tagsets ON tagsets.no = senders.tagset
    WHERE namespace = ? ORDER BY last DESC`
  type Stored = { tags: string; run: number | null; last: number; health: string }
  return connection.all<Stored>(sql, namespace).map(({ tags, run, last, health }) => ({
    tags: JSON.parse(tags),
    ...(run !== null && { run }),
    last,
    health: JSON.parse(health),
  }))
}
