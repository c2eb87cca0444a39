import type { MessageReference, SpanContext, SpanLink } from '../../model/index.ts'
import { type ActiveSpan, detailsOf } from '../active-span.ts'

/**
 * A reference names the span that sent a message: `<ksuid of the trace>-<span id>-<number>`. Whoever handles the message names it, and each
 * of the two traces says so: which of them is published first does not matter.
 */
const REFERENCE = /^([0-9A-Za-z]{27})-([0-9a-f]{16})-[0-9a-z]+$/

/** References, and links, that one span keeps. */
const MAX = 1_000
/** Characters of a reference that another system made. */
const MAX_LENGTH = 500

let made = 0

/** A new reference to a span. */
export function newReference({ traceId, spanId }: SpanContext): string {
  return `${traceId}-${spanId}-${(++made).toString(36)}`
}

export function addReference(span: ActiveSpan, id: string, role: MessageReference['role']): void {
  const references = (detailsOf(span).references ??= [])
  if (references.length < MAX) references.push({ id: id.slice(0, MAX_LENGTH), role })
}

/** The span that made the reference, as far as it is one of ours. */
export function senderOf(reference: string): SpanLink | undefined {
  const match = REFERENCE.exec(reference)
  return match === null ? undefined : { traceId: match[1] as string, spanId: match[2] as string }
}

export function addLink(span: ActiveSpan, { traceId, spanId, attributes }: SpanLink): void {
  const links = (detailsOf(span).links ??= [])
  if (links.length < MAX) links.push({ traceId, spanId, ...(attributes && { attributes }) })
}
