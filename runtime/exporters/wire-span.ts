import { type Span, type SpanTree, spansOf } from '../../model/index.ts'
import { stringify } from './span-fields.ts'
import { spanMembers } from './span-json.ts'

/** What has ended is newer than all that still ran. */
const ENDED = 2n ** 62n

/** Spans as a receiver takes them (docs/receiver-protocol.md): objects of JSON, joined by commas. */
export interface WireSpans {
  readonly text: string
  readonly count: number
}

/** All spans of a tree, parents first. `updated`: microseconds since the Unix epoch. */
export function wireSpans(tree: SpanTree, updated: bigint, wanted: (span: Span) => boolean = () => true): WireSpans {
  const parts: string[] = []
  for (const { span } of spansOf(tree.root)) if (wanted(span)) parts.push(wireSpan(tree, span, updated))
  return { text: parts.join(','), count: parts.length }
}

function wireSpan({ traceId, root, late, remote }: SpanTree, span: Span, updated: bigint): string {
  const rev = String(updated + (span.endTime === undefined ? 0n : ENDED))
  const ofRoot = span === root ? { late, remote } : {}
  return `${stringify({ traceId, rev, ...ofRoot }).slice(0, -1)},${spanMembers(span, false)}}`
}
