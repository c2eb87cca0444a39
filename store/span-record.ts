import type { Span, SpanTree } from '../model/index.ts'
import { spansOf } from '../model/index.ts'

/** What has ended is newer than all that still ran: `2^62` is beyond any time in microseconds. */
const ENDED: bigint = 2n ** 62n

/** A span on its own, as it is published: any number of times, in any order (docs/receiver-protocol.md). */
export interface SpanRecord extends Omit<Span, 'children'> {
  /** The trace's ksuid, 27 characters. */
  readonly traceId: string
  /** Which copy of the span is newer: see `revisionOf`. */
  readonly rev: bigint
  /** On the topmost span of what was exported together, where its trace had been exported before. */
  readonly late?: boolean
  /** On the topmost span, where its parent is of another thread or process. */
  readonly remote?: boolean
}

/** What one process sends at once. */
export interface SpanBatch {
  /** Made where there is none of this name. */
  readonly namespace: string
  /** Of the process: `app`, `version`, `environment`, `host` … */
  readonly tags: Readonly<Record<string, string>>
  /** Rises with each process of these tags. */
  readonly run?: number
  /** What the sender knows of itself, as JSON. */
  readonly health?: object
  readonly spans: readonly SpanRecord[]
}

/** `updated`: microseconds since the Unix epoch. */
export function revisionOf(ended: boolean, updated: bigint): bigint {
  return updated + (ended ? ENDED : 0n)
}

/** The spans of a tree, parents first. `updated`: when it was written down, in microseconds since the Unix epoch. */
export function recordsOf(
  { traceId, root, late, remote }: SpanTree,
  updated: bigint,
  wanted: (span: Span) => boolean = () => true,
): SpanRecord[] {
  const records: SpanRecord[] = []
  for (const { span } of spansOf(root)) {
    if (!wanted(span)) continue
    const { children: _, ...fields } = span
    const ofRoot = span === root ? { ...(late && { late }), ...(remote && { remote }) } : undefined
    records.push({ ...fields, ...ofRoot, traceId, rev: revisionOf(span.endTime !== undefined, updated) })
  }
  return records
}

const ID = /^[0-9a-f]{16}$/
const TRACE_ID = /^[0-9A-Za-z]{27}$/
const MAX_INTEGER: bigint = 2n ** 63n - 1n

/** Why a store cannot keep the span, nor any of its trace; undefined where it can. */
export function refusalOfTrace({ traceId }: SpanRecord): string | undefined {
  // What 20 bytes can say at most; digits and letters sort as they count.
  if (!TRACE_ID.test(traceId) || traceId > 'aWgEPTl1tmebfsQzFP4bxwgy80V') return 'traceId is no ksuid'
  return undefined
}

/** Why a store cannot keep the span, whatever it thinks of its trace; undefined where it can. */
export function refusalOfSpan({ id, parentId, rev, startTime, endTime, name }: SpanRecord): string | undefined {
  if (!ID.test(id)) return 'id is not 16 hex digits in lower case'
  if (parentId !== undefined && !ID.test(parentId)) return 'parentId is not 16 hex digits in lower case'
  if (typeof name !== 'string') return 'name is no text'
  if (!isNatural(rev)) return 'rev is out of range'
  if (!isNatural(startTime)) return 'startTime is out of range'
  if (endTime !== undefined && !isNatural(endTime)) return 'endTime is out of range'
  return undefined
}

function isNatural(value: bigint): boolean {
  return typeof value === 'bigint' && value >= 0n && value <= MAX_INTEGER
}
