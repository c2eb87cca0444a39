import type { SlowSpan } from '../../store/trace-store.ts'

/** Of its caller's time, what a call takes that is to blame for all of it. */
const SHARE = 0.8
const CALLS_A_ROW = 5
/** A receiver gives no more at a time. */
const MAX_CALLS = 10_000

/** Calls that are asked for where so many are to be left. */
export function callsFor(rows: number): number {
  return Math.max(rows, Math.min(rows * CALLS_A_ROW, MAX_CALLS))
}

/** Without those that were slow only because a call within them was: of a chain of callers the one at its end is left. */
export function slowestWithin(spans: readonly SlowSpan[], limit: number): SlowSpan[] {
  const traces = Map.groupBy(spans, ({ traceId }) => traceId)
  const left = spans.filter(call => !traces.get(call.traceId)?.some(other => isToBlame(other, call)))
  return left.slice(0, limit)
}

function isToBlame(inner: SlowSpan, call: SlowSpan): boolean {
  const [innerEnd, end] = [inner.start + inner.duration, call.start + call.duration]
  const isWithin = inner.start >= call.start && innerEnd <= end && inner.duration < call.duration
  return isWithin && Number(inner.duration) >= Number(call.duration) * SHARE
}
