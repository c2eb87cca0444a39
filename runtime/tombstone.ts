import { ActiveSpan } from './active-span.ts'
import { ActiveTrace } from './active-trace.ts'
import { OFF_TASK } from './off.ts'
import { serialOf } from './span-id.ts'

/**
 * Puts a tombstone in the place of each span that a task of an exported trace still points at. A callback that carries the task
 * (a timer, a socket that Node keeps for years: nodejs/node#61882) finds its trace and its parent's id there, and does not
 * keep the whole tree.
 */
export function bury(trace: ActiveTrace): void {
  if (trace.tasks === undefined) return
  const grave = new ActiveTrace(trace.identity, trace.late)
  grave.complete = true
  for (const task of trace.tasks) {
    // One that still runs went on in a continuation, which will bury it.
    if (task.owner.trace !== trace) continue
    const stone = new ActiveSpan(task.owner.site, null, grave, OFF_TASK)
    stone.serial = serialOf(task.owner)
    stone.end = task.owner.end
    task.owner = stone
    task.current = stone
    task.outer = undefined
  }
  trace.tasks = undefined
}
