import { type ActiveSpan, DROPPED, detailsOf, leftOut } from './active-span.ts'
import type { ActiveTrace } from './active-trace.ts'
import type { Task } from './task.ts'
import { buryTask } from './tombstone.ts'

/** What was left out but still hangs in a list, from which on the list is gone through. */
const MAX_STALE = 256

/**
 * Takes a span that was dropped or folded out of its parent's children. A singly linked list gives up its newest at once; others stay, marked,
 * until there are enough of them to be worth a walk.
 */
export function leaveOut(span: ActiveSpan, parent: ActiveSpan): void {
  if (span.task.owner === span) buryOwn(span, parent)
  if (parent.lastChild === span) {
    parent.lastChild = span.previous
    if (span.status === DROPPED) detailsOf(parent).dropped += leftOut(span)
    return
  }
  const details = detailsOf(parent)
  if (++details.stale >= MAX_STALE) sweepChildren(parent)
}

function sweepChildren(parent: ActiveSpan): void {
  const details = detailsOf(parent)
  details.stale = 0
  let newer: ActiveSpan | undefined
  for (let child = parent.lastChild; child !== null; child = child.previous) {
    if (!child.leftOut) {
      newer = child
      continue
    }
    if (child.status === DROPPED) details.dropped += leftOut(child)
    if (newer === undefined) parent.lastChild = child.previous
    else newer.previous = child.previous
  }
}

/** What still carries the task of a span that is gone goes on below the parent, as a late addition. */
function buryOwn(span: ActiveSpan, parent: ActiveSpan): void {
  const { task, trace } = span
  buryTask(task, trace.identity, parent)
  if (++trace.staleTasks >= MAX_STALE) sweepTasks(trace)
}

function sweepTasks(trace: ActiveTrace): void {
  trace.staleTasks = 0
  let newer: Task | undefined
  for (let task = trace.lastTask; task !== undefined; task = task.earlier) {
    if (task.buried === undefined) {
      newer = task
      continue
    }
    if (newer === undefined) trace.lastTask = task.earlier
    else newer.earlier = task.earlier
  }
}
