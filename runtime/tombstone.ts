import type { ActiveTrace } from './active-trace.ts'
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
    if (task.owner.trace === trace) buryTask(task, trace)
    else handOn(task, task.owner.trace)
    task = earlier
  }
  trace.lastTask = undefined
}

/** Its owner still ran when the trace was completed, and went on in a continuation, which will bury it. */
function handOn(task: Task, continuation: ActiveTrace): void {
  task.earlier = continuation.lastTask
  continuation.lastTask = task
}

function buryTask(task: Task, trace: ActiveTrace): void {
  task.buried = trace.identity
  task.ownerSerial = serialOf(task.owner)
  task.owner = BURIED_SPAN
  task.current = BURIED_SPAN
  task.outer = undefined
  task.outerFrame = undefined
  task.frame = undefined
  task.earlier = undefined
}
