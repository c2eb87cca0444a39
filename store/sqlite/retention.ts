import type { RetentionLimits } from '../trace-store.ts'
import type { Connection } from './connection.ts'
import { Counts } from './counts.ts'
import { dropParts } from './text-search.ts'

/** What is deleted in one transaction: others that write wait for it. */
const MAX_TRACES = 500
const MAX_SPANS = 10_000
/** Pages given back to the disk at once. */
const MAX_PAGES = 2_000
/** Milliseconds that the latencies of functions are kept, beyond the traces: they are the baseline. */
const KEEP_LATENCIES = 90 * 86_400_000
const HOUR = 3_600_000

export interface FileSize {
  readonly bytes: number
  readonly unusedBytes: number
}

export function fileSize(connection: Connection): FileSize {
  const { bytes = 0, unused = 0 } =
    connection.get(
      `SELECT page_count * page_size AS bytes, freelist_count * page_size AS unused
       FROM pragma_page_count, pragma_page_size, pragma_freelist_count`,
    ) ?? {}
  return { bytes, unusedBytes: unused }
}

/**
 * Deletes a slice of what is beyond the limits, the traces first that arrived first: their spans are neighbours in the file, so that whole
 * pages become free. Returns whether there may be more.
 */
export function retain(connection: Connection, { maxAge, maxBytes }: RetentionLimits, now: number): boolean {
  const before = maxAge === undefined ? 0 : now - maxAge
  const { bytes, unusedBytes } = fileSize(connection)
  const over = maxBytes === undefined ? 0 : bytes - unusedBytes - maxBytes
  return connection.transaction(() => {
    const traces = slice(connection, before, over > 0)
    if (traces.length === 0) return false
    deleteTraces(connection, traces[0] as number, traces.at(-1) as number)
    return true
  })
}

/** Gives free pages at the end of the file back to the disk; returns whether there are more. */
export function freeDisk(connection: Connection): boolean {
  const { unusedBytes } = fileSize(connection)
  if (unusedBytes === 0) return false
  connection.all(`PRAGMA incremental_vacuum(${MAX_PAGES})`)
  const left = fileSize(connection).unusedBytes
  // The file itself shrinks when the log is written back.
  if (left === 0) connection.all('PRAGMA wal_checkpoint(TRUNCATE)')
  return left > 0 && left < unusedBytes
}

/** Numbers of the oldest traces, in order. */
function slice(connection: Connection, before: number, anyAge: boolean): number[] {
  const sql = 'SELECT no, spans, received FROM traces ORDER BY no LIMIT ?'
  const traces: number[] = []
  let spans = 0
  for (const row of connection.all(sql, MAX_TRACES)) {
    if (!anyAge && (row['received'] as number) >= before) break
    spans += row['spans'] as number
    if (traces.length > 0 && spans > MAX_SPANS) break
    traces.push(row['no'] as number)
  }
  return traces
}

function deleteTraces(connection: Connection, first: number, last: number): void {
  const counts = new Counts(connection)
  const sql = `SELECT series, state, start / ${HOUR}000000 AS hour, count(*) AS count FROM traces
    WHERE no BETWEEN ? AND ? GROUP BY 1, 2, 3`
  for (const { series, state, hour, count } of connection.all<Record<'series' | 'state' | 'hour' | 'count', number>>(
    sql,
    first,
    last,
  ))
    counts.removeMany(series, state, hour, count)
  counts.flush()
  for (const table of ['spans', 'slow_spans', 'occurrences', 'message_refs', 'text_pending'])
    connection.run(`DELETE FROM ${table} WHERE trace BETWEEN ? AND ?`, first, last)
  connection.run('DELETE FROM traces WHERE no BETWEEN ? AND ?', first, last)
  dropParts(connection, last + 1)
}

/** What is kept by the hour, and outlives its traces. `now`: milliseconds. */
export function forgetOldHours(connection: Connection, now: number): void {
  const hour = Math.floor((now - KEEP_LATENCIES) / HOUR)
  connection.run('DELETE FROM durations WHERE hour < ?', hour)
  connection.run('DELETE FROM group_hours WHERE hour < ?', hour)
}
