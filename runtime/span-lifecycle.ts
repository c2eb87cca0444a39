import { ActiveSpan, DROPPED, detailsOf, FAILED, leftOut, type SpanDetails, STARTED, SUCCEEDED } from './active-span.ts'
import { ActiveTrace, TraceIdentity } from './active-trace.ts'
import { now } from './clock.ts'
import { OFF_TASK } from './off.ts'
import { collector } from './shared.ts'
import type { RuntimeSite } from './site.ts'
import { serialOf } from './span-id.ts'
import { Task } from './task.ts'

/**
 * Begins a span that can outlive the call which begins it, below `parent` (what is current in `outer`), or as the root
 * of a trace. Its end must go through `endBound`. The caller gives it its task.
 */
export function beginBound(
  site: RuntimeSite,
  outer: Task | undefined,
  parent: ActiveSpan | undefined = outer?.current,
): ActiveSpan {
  if (outer === undefined || parent === undefined) return beginRoot(site)
  if (parent.trace.complete) return beginLate(site, outer)
  const span = new ActiveSpan(site, parent, parent.trace, OFF_TASK)
  parent.trace.open++
  span.bounds = true
  return span
}

/** The root of a new trace. */
export function beginRoot(site: RuntimeSite): ActiveSpan {
  const trace = new ActiveTrace(new TraceIdentity(now()), false)
  return begin(site, trace)
}

/** The root of a continuation: what is current in `task` belongs to a trace that is complete. */
export function beginLate(site: RuntimeSite, task: Task): ActiveSpan {
  const { buried, current } = task
  const trace = new ActiveTrace(buried ?? current.trace.identity, true)
  trace.parentSerial = buried === undefined ? serialOf(current) : task.ownerSerial
  return begin(site, trace)
}

function begin(site: RuntimeSite, trace: ActiveTrace): ActiveSpan {
  const span = new ActiveSpan(site, null, trace, OFF_TASK)
  span.bounds = true
  trace.root = span
  trace.open = 1
  collector.begin(trace)
  return span
}

/** Gives a span that can outlive its caller its own task. */
export function own(span: ActiveSpan, outer: Task | undefined): Task {
  const task = new Task(span, outer)
  span.task = task
  task.earlier = span.trace.lastTask
  span.trace.lastTask = task
  return task
}

/** Ends a span that `beginBound` or `beginRoot` began. */
export function endBound(span: ActiveSpan): void {
  span.end = now()
  close(span)
  collector.ended(span.trace)
}

/** Settles the status of a span that has just ended, and drops it when it was faster than it should be. */
export function close(span: ActiveSpan): void {
  if (span.status === STARTED) span.status = SUCCEEDED
  if (span.end - span.start < span.site.minDuration) dropFast(span)
}

/** A span that failed stays, however fast; so does one that says something, or under which something does. */
function dropFast(span: ActiveSpan): void {
  const { parent, details } = span
  if (span.status === FAILED || span.lastChild !== null || (details !== null && saysSomething(details))) return
  span.status = DROPPED
  if (parent?.lastChild !== span) return
  parent.lastChild = span.previous
  detailsOf(parent).dropped += leftOut(span)
}

function saysSomething({ attributes, messages, hasError }: SpanDetails): boolean {
  return attributes !== undefined || messages !== undefined || hasError
}
