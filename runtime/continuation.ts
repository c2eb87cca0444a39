import { type ActiveSpan, isRunning } from './active-span.ts'
import { ActiveTrace } from './active-trace.ts'
import { walkActive } from './walk-active.ts'

/** Makes a span that still runs, with all that is below it, the root of a further part of its trace. */
export function continuationOf(span: ActiveSpan): ActiveTrace {
  const continuation = new ActiveTrace(span.trace.identity, true)
  // A root that was late itself is still below the same span.
  continuation.parentSerial = span.trace.parentSerial
  continuation.root = span
  span.bounds = true
  walkActive(span, below => {
    below.trace = continuation
    if (!below.bounds || !isRunning(below)) return true
    if (!below.details?.paused) continuation.open++
    return true
  })
  return continuation
}
