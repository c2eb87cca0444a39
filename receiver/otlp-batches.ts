import { createHash } from 'node:crypto'
import { type Span, type SpanTree, spansOf, w3cTraceId } from '../model/index.ts'
import { type FromWire, type Group, tagsOf, treesOf, type WireLog, type WireSpan } from '../otlp/index.ts'
import { LOG_RECORD } from '../store/log-records.ts'
import { revisionOf, type SpanBatch, type SpanRecord } from '../store/span-record.ts'

export interface OtlpBatches {
  readonly batches: readonly SpanBatch[]
  /** Records that could not be read as what they should be. */
  readonly rejected: number
}

/** `now`: microseconds since the Unix epoch; the revision of spans that still run. */
export function batchesOfSpans(groups: readonly Group<WireSpan>[], namespace: string, now: bigint): OtlpBatches {
  return batchesOf(groups, namespace, each => recordsOf(treesOf(each), now))
}

/**
 * Log records come apart from the spans that they belong to, and often before them. Each is kept as a span of its own below its span,
 * under an id made of what it says, so that copies of it are one; whoever reads the trace finds it as a message (`store/log-records.ts`).
 */
export function batchesOfLogs(groups: readonly Group<WireLog>[], namespace: string, now: bigint): OtlpBatches {
  return batchesOf(groups, namespace, each => {
    const said = each.map(group => ({ ...group, records: group.records.filter(isInSpan).map(ownSpan) }))
    const spans = said.map(group => ({ ...group, records: group.records.map(({ span }) => span) }))
    const logs = said.map(group => ({ ...group, records: group.records.map(({ log }) => log) }))
    const { records, rejected } = recordsOf(treesOf(spans, logs), now)
    const outside = count(each) - count(said)
    return { records: records.map(asLogRecord), rejected: rejected + outside }
  })
}

interface Records {
  readonly records: readonly SpanRecord[]
  readonly rejected: number
}

/** Groups of one resource are one batch: its attributes become the tags. */
function batchesOf<R>(
  groups: readonly Group<R>[],
  namespace: string,
  read: (groups: readonly Group<R>[]) => Records,
): OtlpBatches {
  const byTags = Map.groupBy(groups, ({ resource }) => JSON.stringify(tagsOf(resource)))
  const batches: SpanBatch[] = []
  let rejected = 0
  for (const [tags, each] of byTags) {
    const read_ = read(each)
    rejected += read_.rejected
    if (read_.records.length > 0) batches.push({ namespace, tags: JSON.parse(tags), spans: read_.records })
  }
  return { batches, rejected }
}

function recordsOf({ trees, rejected }: FromWire, now: bigint): Records {
  const records: SpanRecord[] = []
  const byTrace = Map.groupBy(trees, ({ traceId }) => w3cTraceId(traceId))
  for (const parts of byTrace.values()) {
    // Each part that has no ksuid was given one by its own start; that of the trace's beginning is the best, if the store has none.
    const { traceId } = parts.find(({ root }) => root.parentId === undefined) ?? (parts[0] as SpanTree)
    for (const { root, late, remote } of parts) {
      for (const { span } of spansOf(root)) {
        const { children: _, ...fields } = span
        const ofRoot = span === root ? { ...(late && { late }), ...(remote && { remote }) } : undefined
        records.push({ ...fields, ...ofRoot, traceId, rev: revision(span, now) })
      }
    }
  }
  return { records, rejected }
}

/** By its end, so that copies of what has ended are equal. */
function revision({ endTime }: Span, now: bigint): bigint {
  return endTime === undefined ? revisionOf(false, now) : revisionOf(true, endTime / 1_000n)
}

function isInSpan({ traceId, spanId }: WireLog): boolean {
  return traceId !== undefined && spanId !== undefined
}

function ownSpan(log: WireLog): { span: WireSpan; log: WireLog } {
  const { traceId = '', spanId: parentSpanId = '', time, observedTime, body } = log
  const at = time || observedTime
  const span: WireSpan = {
    traceId,
    spanId: idOf(log),
    parentSpanId,
    name: typeof body === 'string' ? body.slice(0, 200) : (log.eventName ?? 'log record'),
    kind: 1,
    startTime: at,
    endTime: at,
    attributes: {},
    events: [],
    links: [],
    status: { code: 0 },
  }
  return { span, log: { ...log, spanId: span.spanId } }
}

function idOf({ observedTime: _, ...log }: WireLog): string {
  const text = JSON.stringify(log, (_, value) => (typeof value === 'bigint' ? String(value) : value))
  const id = createHash('sha256').update(text).digest('hex').slice(0, 16)
  return /^0+$/.test(id) ? '0000000000000001' : id
}

function asLogRecord(record: SpanRecord): SpanRecord {
  return { ...record, attributes: { [LOG_RECORD]: true } }
}

function count(groups: readonly Group<unknown>[]): number {
  return groups.reduce((sum, { records }) => sum + records.length, 0)
}
