import { ActiveSpan } from './active-span.ts'
import { now } from './clock.ts'
import { recordFailure } from './failure.ts'
import { OFF_SPAN } from './off.ts'
import { collector, context, currentTask } from './shared.ts'
import type { RuntimeSite } from './site.ts'
import { beginLate, beginRoot, close, endBound, own, skip, takeQueued } from './span-lifecycle.ts'
import type { Task } from './task.ts'

/** Begins the span of a synchronous function and makes it current. Never throws. */
export function enter(site: RuntimeSite): ActiveSpan {
  if (!collector.enabled || site.countedOnly) return skip(site)
  const task = currentTask()
  if (task === undefined) return enterRoot(site)
  const parent = task.current
  const { trace } = parent
  if (trace.complete) return trace.sampled ? enterLate(site, task) : OFF_SPAN
  const span = new ActiveSpan(site, parent, trace, task)
  task.current = span
  if (task.queued !== undefined) takeQueued(span, task)
  span.start = now()
  return span
}

/** Records that `error` is about to leave the function; returns it, to be thrown on. Never throws. */
export function fail<E>(span: ActiveSpan, error: E, parameters?: readonly unknown[]): E {
  if (span !== OFF_SPAN) recordFailure(span, error, parameters)
  return error
}

/** Ends the span and makes its parent current again. Never throws. */
export function exit(span: ActiveSpan): void {
  if (span === OFF_SPAN) return
  if (span.bounds) {
    exitBound(span)
  } else {
    span.end = now()
    span.task.current = span.parent as ActiveSpan
    close(span)
  }
}

function enterRoot(site: RuntimeSite): ActiveSpan {
  const span = beginRoot(site)
  context.enter(own(span, undefined))
  if (span.trace.sampled) span.start = now()
  return span
}

/** A callback came after its trace was exported. */
function enterLate(site: RuntimeSite, task: Task): ActiveSpan {
  const span = beginLate(site, task)
  span.task = task
  task.current = span
  span.start = now()
  return span
}

function exitBound(span: ActiveSpan): void {
  const { task } = span
  if (task.owner === span) context.leave(task)
  else task.current = span.parent ?? task.owner
  endBound(span)
}
