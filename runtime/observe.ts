import { type ActiveSpan, DROPPED, detailsOf, FAILED, isRunning, leftOut, type SpanDetails } from './active-span.ts'
import type { ActiveTrace } from './active-trace.ts'
import type { Calls } from './calls.ts'
import { recordOf } from './site-record.ts'

/** What one trace adds to the figures of its sites and of the runtime. */
export interface Observation {
  /** Spans that have ended. */
  spans: number
  /** Calls that share a node with others. */
  collapsed: number
  /** Spans that were left out because they were fast. */
  dropped: number
  failed: boolean
  /** Whether a span took far longer than calls of its site usually do. */
  slow: boolean
}

/** Adds the calls of a completed trace to what is known of their sites, and marks those that took far too long by that. */
export function observe({ root }: ActiveTrace): Observation {
  const seen: Observation = { spans: 0, collapsed: 0, dropped: 0, failed: false, slow: false }
  // By the pointers that are there: every span of every trace is visited, so that even the array of a stack would be felt.
  for (let span: ActiveSpan | null = root; span !== null; span = next(span, root)) {
    if (span.leftOut) {
      if (span.status === DROPPED) seen.dropped += leftOut(span)
      continue
    }
    if (span.details !== null) countBelow(span.details, seen)
    if (!isRunning(span)) observeSpan(span, seen)
  }
  return seen
}

function next(span: ActiveSpan, root: ActiveSpan): ActiveSpan | null {
  if (span.lastChild !== null && !span.leftOut) return span.lastChild
  let at: ActiveSpan | null = span
  while (at !== null && at !== root && at.previous === null) at = at.parent
  return at === null || at === root ? null : at.previous
}

function observeSpan(span: ActiveSpan, seen: Observation): void {
  const { site } = span
  seen.spans++
  const failed = span.status === FAILED
  if (failed) seen.failed = true
  // A message outside of any span, which has a site of its own.
  if (site.line === 0) return
  const record = recordOf(site)
  const duration = span.end - span.start
  if (duration > record.slowAbove) {
    detailsOf(span).slow = record.usual()
    seen.slow = true
  }
  if (failed) record.failed++
  record.add(duration)
}

/** What is below a span without being a span of its own. */
function countBelow({ dropped, crowd }: SpanDetails, seen: Observation): void {
  seen.dropped += dropped
  if (crowd === undefined) return
  for (const { calls } of crowd.values()) if (calls !== undefined) countCalls(calls, seen)
}

function countCalls({ count, dropped, below }: Calls, seen: Observation): void {
  seen.collapsed += count
  seen.dropped += dropped
  if (below !== undefined) for (const calls of below.values()) countCalls(calls, seen)
}
