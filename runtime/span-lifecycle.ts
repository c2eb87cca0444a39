import { ActiveSpan, DROPPED, detailsOf, FAILED, leftOut, type SpanDetails, STARTED, SUCCEEDED } from './active-span.ts'
import { now } from './clock.ts'
import { OFF_TASK } from './off.ts'
import { collector } from './shared.ts'
import type { RuntimeSite } from './site.ts'
import { Task } from './task.ts'

/**
 * Begins a span that can outlive the call which begins it, below `parent`, or as the root of a trace. Its end must go
 * through `endBound`. The caller gives it its task.
 */
export function beginBound(site: RuntimeSite, parent: ActiveSpan | null): ActiveSpan {
  let span: ActiveSpan
  if (parent !== null && !parent.trace.complete) {
    span = new ActiveSpan(site, parent, parent.trace, parent.task)
    parent.trace.open++
  } else {
    span = beginRoot(site, parent)
  }
  span.bounds = true
  return span
}

/** The root of a new trace, or, where `late` (of an exported trace) is given, of a continuation of that trace. */
export function beginRoot(site: RuntimeSite, late: ActiveSpan | null): ActiveSpan {
  const trace = collector.begin(late?.trace)
  const span = new ActiveSpan(site, late, trace, OFF_TASK)
  // What hung itself on an exported parent must not be kept by it.
  if (late !== null) late.lastChild = span.previous
  trace.root = span
  span.bounds = true
  span.previous = null
  return span
}

/** Gives a span that can outlive its caller its own task. */
export function own(span: ActiveSpan, outer: Task | undefined): Task {
  const task = new Task(span, outer)
  span.task = task
  ;(span.trace.tasks ??= []).push(task)
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
