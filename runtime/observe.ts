import { detailsOf, FAILED, isRunning } from './active-span.ts'
import type { ActiveTrace } from './active-trace.ts'
import { recordOf } from './site-record.ts'
import { walkActive } from './walk-active.ts'

/** What one trace adds to the figures of its sites and of the runtime. */
export interface Observation {
  /** Spans that have ended. */
  spans: number
  failed: boolean
  /** Whether a span took far longer than calls of its site usually do. */
  slow: boolean
}

/** Adds the calls of a completed trace to what is known of their sites, and marks those that took far too long by that. */
export function observe(trace: ActiveTrace): Observation {
  const seen: Observation = { spans: 0, failed: false, slow: false }
  walkActive(trace.root, span => {
    if (span.leftOut) return false
    if (isRunning(span)) return true
    seen.spans++
    if (span.status === FAILED) seen.failed = true
    // A message outside of any span, which has a site of its own.
    if (span.site.line === 0) return true
    const record = recordOf(span.site)
    const duration = span.end - span.start
    if (duration > record.slowAbove) {
      detailsOf(span).slow = record.usual()
      seen.slow = true
    }
    if (span.status === FAILED) record.failed++
    record.add(duration)
    return true
  })
  return seen
}
