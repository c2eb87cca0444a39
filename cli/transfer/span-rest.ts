import type { Site, Span, SpanTree } from '../../model/index.ts'
import { spanFields } from '../../runtime/exporters/span-fields.ts'

type Json = { readonly [name: string]: unknown }

/** What a reader takes for said where nothing is. */
const UNSAID: Json = { kind: 'internal', level: 'info' }

/**
 * What profilers' formats have no place for, of a span: all but its ids, name, times, place and messages, as JSON lines call it. Beside what the
 * format does say it makes the span anew (docs/cli.md).
 */
export function restOf(span: Span, { root, late, remote }: SpanTree): Json {
  const { id, parentId, name, startTime, endTime, site, messages, ...rest } = spanFields(span, false) as Json
  const ofRoot = span === root ? { late, remote } : {}
  const all = { ...rest, ...ofRoot, running: span.endTime === undefined || undefined }
  return Object.fromEntries(Object.entries(all).filter(([key, value]) => !isUnsaid(key, value)))
}

/** What a place in a file does not say of the function that is there. */
export function restOfSite({ id, name, functionKind }: Site): Json {
  return { id, name, functionKind }
}

/** Times as they are, where the format's own numbers are too coarse for them. */
export function timesBeside(isExact: boolean, startTime: bigint, endTime: bigint): Json {
  return isExact ? {} : { startTime: String(startTime), endTime: String(endTime) }
}

function isUnsaid(key: string, value: unknown): boolean {
  if (value === undefined || value === UNSAID[key]) return true
  if (typeof value !== 'object' || value === null) return false
  return (key === 'attributes' || key === 'handledErrors') && Object.keys(value).length === 0
}
