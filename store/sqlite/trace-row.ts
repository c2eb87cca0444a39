import { rankOf } from '../assemble.ts'
import type { SpanRecord } from '../span-record.ts'
import type { RootOutcome } from '../trace-status.ts'
import { decodeSpanId, encodeSpanId } from './codes.ts'
import type { Connection } from './connection.ts'

/** A trace as its row says: what stands for it is the topmost span that is known. */
export interface TraceRow {
  no: number
  /** Whether it is there already. */
  known: boolean
  id: Uint8Array
  series: number
  state: number
  start: bigint
  duration: bigint | null
  /** See `rankOf`. */
  rank: number
  /** 16 hex digits. */
  root: string
  rev: bigint
  failed: boolean
  errorSpan: string | undefined
  spans: number
  errors: number
}

interface StoredTrace {
  readonly no: bigint
  readonly id: Uint8Array
  readonly series: bigint
  readonly state: bigint
  readonly start: bigint
  readonly duration: bigint | null
  readonly rank: bigint
  readonly root: bigint
  readonly rev: bigint
  readonly failed: bigint
  readonly error_span: bigint | null
  readonly spans: bigint
  readonly errors: bigint
}

// By the index of W3C ids: its first eight bytes, then all of them.
const FIND = `SELECT no, id, series, state, start, duration, rank, root, rev, failed, error_span, spans, errors
  FROM traces WHERE namespace = ? AND substr(id, 5, 8) = ? AND substr(id, 5) = ?`

/**
 * By the 16 bytes that are its W3C id: some know a trace by these alone and make up the time that a ksuid has before them. The
 * ksuid that came first stays.
 */
export function findTrace(connection: Connection, namespace: number, id: Uint8Array): TraceRow | undefined {
  const row = connection.getBig<StoredTrace>(FIND, namespace, id.subarray(4, 12), id.subarray(4))
  if (row === undefined) return undefined
  return {
    no: Number(row.no),
    known: true,
    id: row.id,
    series: Number(row.series),
    state: Number(row.state),
    start: row.start,
    duration: row.duration,
    rank: Number(row.rank),
    root: decodeSpanId(row.root),
    rev: row.rev,
    failed: row.failed === 1n,
    errorSpan: row.error_span === null ? undefined : decodeSpanId(row.error_span),
    spans: Number(row.spans),
    errors: Number(row.errors),
  }
}

export function newTrace(no: number, id: Uint8Array): TraceRow {
  const nothing = { series: 0, state: -1, start: 0n, duration: null, rank: 9, root: '', rev: -1n, failed: false }
  return { no, known: false, id, ...nothing, errorSpan: undefined, spans: 0, errors: 0 }
}

/** Whether the span now stands for the trace, or does so already and has something new to say. */
export function offerRoot(trace: TraceRow, span: SpanRecord): 'takes over' | 'renews' | undefined {
  const rank = rankOf(span)
  const isRoot = span.id === trace.root
  if (isRoot ? span.rev <= trace.rev : !comesFirst(trace, span, rank)) return undefined
  const { exitError, endTime, startTime } = span
  trace.rank = rank
  trace.root = span.id
  trace.rev = span.rev
  trace.start = startTime
  trace.duration = endTime === undefined ? null : endTime - startTime
  trace.failed = span.status === 'failed'
  trace.errorSpan = exitError?.kind === 'reference' ? exitError.spanId : exitError && span.id
  return isRoot ? 'renews' : 'takes over'
}

function comesFirst(trace: TraceRow, { startTime, id }: SpanRecord, rank: number): boolean {
  if (rank !== trace.rank) return rank < trace.rank
  if (startTime !== trace.start) return startTime < trace.start
  return id < trace.root
}

export function outcomeOf({ duration, failed, errorSpan }: TraceRow): RootOutcome {
  return { ended: duration !== null, failed, ...(errorSpan !== undefined && { errorSpan }) }
}

const INSERT = `INSERT INTO traces
  (series, state, start, duration, rank, root, rev, failed, error_span, spans, errors, no, namespace, id, received)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
const UPDATE = `UPDATE traces SET series = ?, state = ?, start = ?, duration = ?, rank = ?, root = ?, rev = ?, failed = ?,
  error_span = ?, spans = ?, errors = ? WHERE no = ?`

/** `received`: milliseconds, of its first span. */
export function saveTrace(connection: Connection, trace: TraceRow, namespace: number, received: number): void {
  const { series, state, start, duration, rank, root, rev, failed, errorSpan, spans, errors, no, id } = trace
  const error = isSpanId(errorSpan) ? encodeSpanId(errorSpan) : null
  const rootFields = [start, duration, rank, encodeSpanId(root), rev, failed ? 1 : 0, error]
  if (trace.known) connection.run(UPDATE, series, state, ...rootFields, spans, errors, no)
  else connection.run(INSERT, series, state, ...rootFields, spans, errors, no, namespace, id, received)
}

/** References come from outside. */
function isSpanId(id: string | undefined): id is string {
  return id !== undefined && /^[0-9a-f]{16}$/.test(id)
}
