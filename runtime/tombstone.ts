import type { ActiveSpan } from './active-span.ts'
import type { ActiveTrace, TraceIdentity } from './active-trace.ts'
import { BURIED_SPAN } from './off.ts'
import { serialOf } from './span-id.ts'
import type { Task } from './task.ts'

/**
 * Makes tombstones of the tasks of an exported trace. A callback that carries one (a timer, a socket that Node keeps for
 * years: nodejs/node#61882) finds its trace and its parent's id there, and does not keep the whole tree.
 */
export function bury(trace: ActiveTrace): void {
  for (let task = trace.lastTask; task !== undefined; ) {
    const { earlier } = task
    task.earlier = undefined
    // One that is buried already had a span that was left out of the tree.
    if (task.buried === undefined) {
      if (task.owner.trace === trace) buryTask(task, trace.identity, task.owner)
      else handOn(task, task.owner.trace)
    }
    task = earlier
  }
  trace.lastTask = undefined
}

/** Its owner still ran when the trace was completed, and went on in a continuation, which will bury it. */
function handOn(task: Task, continuation: ActiveTrace): void {
  task.earlier = continuation.lastTask
  continuation.lastTask = task
}

/** What comes on the task from now on is a late addition below `parent`. It stays in its trace's list. */
export function buryTask(task: Task, identity: TraceIdentity, parent: ActiveSpan): void {
  task.lent?.bury(identity, parent)
  task.lent = undefined
  task.buried = identity
  task.ownerSerial = serialOf(parent)
  task.owner = BURIED_SPAN
  task.current = BURIED_SPAN
  task.outer = undefined
  task.outerFrame = undefined
  task.frame = undefined
}
