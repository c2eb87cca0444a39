import { type Span, type SpanTree, spansOf } from '../../model/index.ts'
import { type Recording, recordingOf } from '../recording.ts'
import type { Bytes } from './bytes.ts'
import { stringify } from './span-fields.ts'
import { spanMembers } from './span-json.ts'
import { wireHead, writeWireCall } from './wire-call.ts'

/** What has ended is newer than all that still ran. */
const ENDED = 2n ** 62n
const COMMA = 44

/**
 * Writes all spans of a tree, parents first, as a receiver takes them (docs/receiver-protocol.md): objects of JSON, with commas between them.
 * `updated`: microseconds since the Unix epoch. Returns how many.
 */
export function writeSpans(out: Bytes, tree: SpanTree, updated: bigint): number {
  const recording = recordingOf(tree)
  return recording === undefined
    ? writeWanted(out, tree, updated, () => true)
    : writeRecorded(out, tree, recording, updated)
}

/** Those of them that are wanted. */
export function writeWanted(out: Bytes, tree: SpanTree, updated: bigint, wanted: (span: Span) => boolean): number {
  const { root } = tree
  let count = 0
  for (const { span } of spansOf(root)) {
    if (!wanted(span)) continue
    if (count++ > 0) out.byte(COMMA)
    out.text(wireSpan(tree, span, span === root, updated))
  }
  return count
}

function writeRecorded(out: Bytes, tree: SpanTree, recording: Recording, updated: bigint): number {
  const head = wireHead(tree.traceId, String(updated + ENDED))
  const { length } = recording.spans
  for (let i = 0; i < length; i++) {
    if (i > 0) out.byte(COMMA)
    const plain = recording.plainAt(i)
    if (plain !== undefined) writeWireCall(out, plain, i === 0, head)
    else out.text(wireSpan(tree, recording.spanAt(i), i === 0, updated))
  }
  return length
}

function wireSpan({ traceId, late, remote }: SpanTree, span: Span, isRoot: boolean, updated: bigint): string {
  const rev = String(updated + (span.endTime === undefined ? 0n : ENDED))
  const ofRoot = isRoot ? { late, remote } : {}
  return `${stringify({ traceId, rev, ...ofRoot }).slice(0, -1)},${spanMembers(span, false)}}`
}
