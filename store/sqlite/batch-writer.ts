import type { SQLInputValue } from 'node:sqlite'
import { refusalOfSpan, refusalOfTrace, type SpanBatch, type SpanRecord } from '../span-record.ts'
import { traceStatus } from '../trace-status.ts'
import type { WriteResult } from '../trace-store.ts'
import { encodeSpanId, encodeState, encodeTraceId } from './codes.ts'
import type { Connection } from './connection.ts'
import { Counts } from './counts.ts'
import { Dictionary } from './dictionary.ts'
import { Durations, type EndedSpan } from './durations.ts'
import { Occurrences } from './occurrences.ts'
import { addSpanRow, SPAN_COLUMNS } from './span-row.ts'
import { findTrace, newTrace, offerRoot, outcomeOf, saveTrace, type TraceRow } from './trace-row.ts'

/** Rows of one statement: beyond it, nothing was gained. */
const ROWS = 16

/** Spans whose durations are gathered in memory: to add them batch by batch took a third of all the time. */
const MAX_PENDING = 50_000

const ROW = `(${SPAN_COLUMNS.map(() => '?').join(', ')})`
const UPSERT = (rows: number): string => `INSERT INTO spans VALUES ${Array(rows).fill(ROW).join(', ')}
  ON CONFLICT DO UPDATE SET ${SPAN_COLUMNS.slice(2)
    .map(column => `${column} = excluded.${column}`)
    .join(', ')} WHERE excluded.rev > spans.rev`
const UPSERT_ONE = UPSERT(1)
const UPSERT_MANY = UPSERT(ROWS)

interface StoredRevision {
  readonly id: bigint
  readonly rev: bigint
  readonly running: bigint
}

/** What is the same for all spans of a batch. */
interface Origin {
  readonly namespace: number
  readonly tagset: number
  readonly version: string
  /** Milliseconds. */
  readonly now: number
}

/** Writes batches, each in one transaction: what is kept of a trace beside its spans always agrees with them. */
export class BatchWriter {
  readonly dictionary: Dictionary
  readonly #connection: Connection
  readonly #counts: Counts
  readonly #durations: Durations
  readonly #occurrences: Occurrences
  #values: SQLInputValue[] = []
  #ended: EndedSpan[] = []
  #nextTrace = 0
  /** Numbers of the batch's traces. */
  readonly #written = new Set<number>()

  constructor(connection: Connection) {
    this.#connection = connection
    this.dictionary = new Dictionary(connection)
    this.#counts = new Counts(connection)
    this.#durations = new Durations(connection)
    this.#occurrences = new Occurrences(connection)
    connection.onRollback(() => this.#forget())
  }

  /** `now`: milliseconds. */
  write(batch: SpanBatch, now: number): WriteResult {
    const refused: { index: number; reason: string }[] = []
    const traces = new Map<string, SpanRecord[]>()
    batch.spans.forEach((span, index) => {
      const ofTrace = traces.get(span.traceId)
      const reason = (ofTrace === undefined ? refusalOfTrace(span) : undefined) ?? refusalOfSpan(span)
      if (reason !== undefined) refused.push({ index, reason })
      else if (ofTrace !== undefined) ofTrace.push(span)
      else traces.set(span.traceId, [span])
    })
    if (this.#durations.pending >= MAX_PENDING) this.flush()
    this.#connection.transaction(() => this.#write(batch, traces, now))
    for (const ended of this.#ended) this.#durations.add(ended)
    this.#ended = []
    return { accepted: batch.spans.length - refused.length, refused }
  }

  /** Writes what is gathered over several batches. */
  flush(): void {
    if (this.#durations.pending > 0) this.#durations.flush()
  }

  #write(batch: SpanBatch, traces: ReadonlyMap<string, readonly SpanRecord[]>, now: number): void {
    this.dictionary.begin()
    const namespace = this.dictionary.namespace(batch.namespace, now)
    const tagset = this.dictionary.tagset(namespace, batch.tags)
    const origin = { namespace, tagset, version: batch.tags['version'] ?? '', now }
    if (batch.health !== undefined) this.#noteSender(tagset, batch, now)
    const last = this.#connection.get("SELECT seq FROM sqlite_sequence WHERE name = 'traces'")
    this.#nextTrace = (last?.['seq'] ?? 0) + 1
    this.dictionary.useTagset(tagset, this.#nextTrace + traces.size)
    this.#written.clear()
    for (const [traceId, spans] of traces) this.#writeTrace(origin, encodeTraceId(traceId), spans)
    this.#flushRows()
    this.#counts.flush()
  }

  #writeTrace(origin: Origin, id: Uint8Array, copies: readonly SpanRecord[]): void {
    const trace = findTrace(this.#connection, origin.namespace, id) ?? newTrace(this.#nextTrace, id)
    // Under another ksuid it was in this batch before, and its rows may not be there yet.
    if (this.#written.has(trace.no)) this.#flushRows()
    this.#written.add(trace.no)
    const spans = newestOf(copies)
    const stored = trace.known ? this.#stored(trace.no, [...spans.keys()]) : undefined
    const { series, state, start } = trace
    let isSlow = state >= 0 && (state & 1) === 1
    let fresh = 0
    for (const [spanId, span] of spans) {
      const known = stored?.get(spanId)
      if (known !== undefined && known.rev >= span.rev) continue
      fresh++
      if (known === undefined) trace.spans++
      this.#writeSpan(origin, trace, span, spanId, known === undefined || known.running === 1n)
      isSlow ||= span.slow !== undefined
    }
    if (fresh === 0) return
    if (!trace.known) this.#nextTrace++
    const errors = trace.errors > 0 ? this.#occurrences.ofTrace(trace.no) : []
    trace.state = encodeState(traceStatus(outcomeOf(trace), errors), isSlow)
    if (trace.state !== state || trace.series !== series || trace.start !== start) {
      if (trace.known) this.#counts.remove(series, state, start)
      this.#counts.add(trace.series, trace.state, trace.start)
    }
    saveTrace(this.#connection, trace, origin.namespace, origin.now)
    this.#connection.run('INSERT OR IGNORE INTO text_pending VALUES (?)', trace.no)
  }

  /** `ends`: it was not known to have ended. */
  #writeSpan(origin: Origin, trace: TraceRow, span: SpanRecord, id: bigint, ends: boolean): void {
    if (this.#values.length === SPAN_COLUMNS.length * ROWS) this.#flushRows()
    const place = this.dictionary.place(origin.namespace, span, trace.no)
    addSpanRow(this.#values, { trace: trace.no, place: place.no, tagset: origin.tagset }, span, id)
    if (offerRoot(trace, span) === 'takes over')
      trace.series = this.dictionary.series(origin.namespace, origin.tagset, span.name)
    if (ends && span.endTime !== undefined)
      this.#ended.push({ of: place.function, version: origin.version, trace: trace.no, span, id })
    if (span.exitError?.kind === 'error' || span.messages.length > 0)
      trace.errors += this.#occurrences.add(origin, trace.no, span, id)
    if (span.slow !== undefined && span.endTime !== undefined) this.#noteSlow(origin, trace.no, span, id)
    if (span.references !== undefined) this.#noteReferences(origin, trace.no, span, id)
  }

  #stored(trace: number, ids: readonly bigint[]): Map<bigint, StoredRevision> {
    const [least, most] = boundsOf(ids)
    const sql = 'SELECT id, rev, duration IS NULL AS running FROM spans WHERE trace = ? AND id BETWEEN ? AND ?'
    return new Map(this.#connection.allBig<StoredRevision>(sql, trace, least, most).map(row => [row.id, row]))
  }

  #flushRows(): void {
    const values = this.#values
    this.#values = []
    const width = SPAN_COLUMNS.length
    if (values.length === width * ROWS) this.#connection.run(UPSERT_MANY, ...values)
    else for (let i = 0; i < values.length; i += width) this.#connection.run(UPSERT_ONE, ...values.slice(i, i + width))
  }

  #noteSlow({ namespace }: Origin, trace: number, { name, startTime, endTime, slow }: SpanRecord, id: bigint): void {
    const sql = 'INSERT OR REPLACE INTO slow_spans VALUES (?, ?, ?, ?, ?, ?, ?, ?)'
    const duration = (endTime as bigint) - startTime
    this.#connection.run(sql, trace, id, namespace, name, startTime, duration, slow!.p50, slow!.p99)
  }

  #noteReferences({ namespace }: Origin, trace: number, { references }: SpanRecord, id: bigint): void {
    for (const { id: reference, role } of references ?? []) {
      const sql = 'INSERT OR IGNORE INTO message_refs VALUES (?, ?, ?, ?, ?)'
      this.#connection.run(sql, namespace, reference, role === 'source' ? 0 : 1, trace, id)
    }
  }

  #noteSender(tagset: number, { run, health }: SpanBatch, now: number): void {
    const sql = 'INSERT OR REPLACE INTO senders VALUES (?, ?, ?, ?)'
    this.#connection.run(sql, tagset, run ?? null, now, JSON.stringify(health))
  }

  #forget(): void {
    this.#values = []
    this.#counts.forget()
    this.#ended = []
  }
}

function newestOf(copies: readonly SpanRecord[]): Map<bigint, SpanRecord> {
  const spans = new Map<bigint, SpanRecord>()
  for (const span of copies) {
    const id = encodeSpanId(span.id)
    const other = spans.get(id)
    if (other === undefined || span.rev > other.rev) spans.set(id, span)
  }
  return spans
}

function boundsOf(ids: readonly bigint[]): [least: bigint, most: bigint] {
  let [least, most] = [ids[0] as bigint, ids[0] as bigint]
  for (const id of ids) {
    if (id < least) least = id
    else if (id > most) most = id
  }
  return [least, most]
}
