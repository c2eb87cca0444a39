import { type SpanTree, w3cTraceId } from '../../model/index.ts'
import { wordsOf } from '../../model/ksuid.ts'
import { treesOf } from '../assemble.ts'
import type { SpanRecord } from '../span-record.ts'
import type { ReferenceUse, TraceLookup, TraceSummary } from '../trace-store.ts'
import { decodeSpanId, decodeState, decodeTraceId, encodeTraceId } from './codes.ts'
import type { Connection } from './connection.ts'
import { type SpanRow, spanOf } from './span-row.ts'

/** Ids that are told where what was asked for is the beginning of several. */
const MAX_AMBIGUOUS = 10

export const SUMMARY = `SELECT traces.no, traces.id, series.name, traces.state, traces.start, traces.duration, traces.spans,
  traces.errors, tagsets.tags FROM traces JOIN series ON series.no = traces.series JOIN tagsets ON tagsets.no = series.tagset`

export interface SummaryRow {
  readonly no: bigint
  readonly id: Uint8Array
  readonly name: string
  readonly state: bigint
  readonly start: bigint
  readonly duration: bigint | null
  readonly spans: bigint
  readonly errors: bigint
  readonly tags: string
}

export function summaryOf({ id, name, state, start, duration, spans, errors, tags }: SummaryRow): TraceSummary {
  return {
    traceId: decodeTraceId(id),
    name,
    ...decodeState(Number(state)),
    start,
    ...(duration !== null && { duration }),
    spans: Number(spans),
    errors: Number(errors),
    tags: JSON.parse(tags),
  }
}

const SPANS = `SELECT spans.id, rev, parent, start, duration, flags, body, places.place
  FROM spans JOIN places ON places.no = spans.place WHERE trace = ?`

/** `trace`: its number. */
export function spansOfTrace(connection: Connection, trace: number | bigint, traceId: string): SpanRecord[] {
  return connection.allBig<SpanRow>(SPANS, trace).map(row => spanOf(traceId, row))
}

/** See `Traces.trace`. `namespace`: its number. */
export function findTrace(connection: Connection, namespace: number, id: string): TraceLookup {
  const rows = [...byKsuid(connection, namespace, id), ...byW3c(connection, namespace, id)]
  // Kept under another ksuid with the same 16 bytes.
  if (rows.length === 0 && isKsuid(id)) rows.push(...byW3c(connection, namespace, w3cTraceId(id)))
  const summaries = new Map(rows.map(row => [row.no, row]))
  const [row] = summaries.values()
  if (row === undefined) return { kind: 'none' }
  const summary = summaryOf(row)
  if (summaries.size > 1)
    return { kind: 'ambiguous', traceIds: [...summaries.values()].map(each => decodeTraceId(each.id)) }
  const trees: readonly SpanTree[] = treesOf(spansOfTrace(connection, row.no, summary.traceId))
  return { kind: 'found', summary, trees }
}

function isKsuid(id: string): boolean {
  try {
    return id.length === 27 && wordsOf(id).length > 0
  } catch {
    return false
  }
}

/** The ids that begin so are neighbours: they sort as their bytes do. */
function byKsuid(connection: Connection, namespace: number, id: string): SummaryRow[] {
  if (!/^[0-9A-Za-z]{1,27}$/.test(id)) return []
  const [least, most] = [id.padEnd(27, '0'), id.padEnd(27, 'z')].map(bytesOrMost)
  if (least === undefined || most === undefined) return []
  const sql = `${SUMMARY} WHERE traces.namespace = ? AND traces.id BETWEEN ? AND ? LIMIT ${MAX_AMBIGUOUS}`
  return connection.allBig<SummaryRow>(sql, namespace, least, most)
}

function bytesOrMost(id: string): Uint8Array {
  try {
    return encodeTraceId(id)
  } catch {
    // More than 20 bytes can say.
    return new Uint8Array(20).fill(255)
  }
}

function byW3c(connection: Connection, namespace: number, id: string): SummaryRow[] {
  if (!/^[0-9a-f]{1,32}$/i.test(id)) return []
  const [least, most] = [id.padEnd(32, '0'), id.padEnd(32, 'f')].map(hex => Buffer.from(hex, 'hex')) as [Buffer, Buffer]
  const sql = `${SUMMARY} WHERE traces.namespace = ? AND substr(traces.id, 5, 8) BETWEEN ? AND ?
    AND substr(traces.id, 5) BETWEEN ? AND ? LIMIT ${MAX_AMBIGUOUS}`
  return connection.allBig<SummaryRow>(sql, namespace, least.subarray(0, 8), most.subarray(0, 8), least, most)
}

export function referenceUses(connection: Connection, namespace: number, id: string): ReferenceUse[] {
  const sql = `SELECT role, traces.id AS trace, span FROM message_refs JOIN traces ON traces.no = message_refs.trace
    WHERE message_refs.namespace = ? AND message_refs.id = ? ORDER BY role, trace, span`
  return connection.allBig<{ role: bigint; trace: Uint8Array; span: bigint }>(sql, namespace, id).map(row => ({
    role: row.role === 0n ? 'source' : 'destination',
    traceId: decodeTraceId(row.trace),
    spanId: decodeSpanId(row.span),
  }))
}
