import type { ActiveSpan } from './active-span.ts'
import type { TraceIdentity } from './active-trace.ts'
import { type Lent, Task } from './task.ts'
import { buryTask } from './tombstone.ts'

/** Tasks that a list holds before it is gone through for the first time. */
const FEW = 64

/**
 * A task beside another one, with the same owner: what begins in it is below that. Held weakly, so that a queue which is fed by
 * one span for days does not grow; buried with the other.
 */
export function lendTask(from: Task): Task {
  const task = new Task(from.owner, undefined)
  task.current = from.current
  task.buried = from.buried
  task.ownerSerial = from.ownerSerial
  task.remote = from.remote
  if (from.buried === undefined) (from.lent ??= new LentTasks()).add(task)
  return task
}

class LentTasks implements Lent {
  #tasks: WeakRef<Task>[] = []
  #max = FEW

  add(task: Task): void {
    if (this.#tasks.length >= this.#max) {
      this.#tasks = this.#tasks.filter(each => each.deref() !== undefined)
      this.#max = Math.max(FEW, 2 * this.#tasks.length)
    }
    this.#tasks.push(new WeakRef(task))
  }

  bury(identity: TraceIdentity, parent: ActiveSpan): void {
    for (const each of this.#tasks) {
      const task = each.deref()
      if (task !== undefined) buryTask(task, identity, parent)
    }
  }
}
