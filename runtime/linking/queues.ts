import { now } from '../clock.ts'
import { lendTask } from '../lent-tasks.ts'
import { currentTask, shared, storage } from '../shared.ts'
import { SILENT, type Task } from '../task.ts'

/** Queues within a thread say how long their tasks waited; the modules of the queues look for this (`queue-wrappers.ts`). */
export function linkQueues(): void {
  shared.extras.enqueued ??= enqueued
}

type Call = (this: unknown, ...parameters: never[]) => unknown

/** What is to be called in place of `task` when its turn comes. It is below whatever is current now. */
function enqueued<T>(task: T): T {
  if (typeof task !== 'function' || !shared.collector.enabled) return task
  const outer = currentTask()
  const since = now()
  return new Proxy(task as T & Call, {
    apply: (fn, self, parameters) => begin(outer, since, () => Reflect.apply(fn, self, parameters)),
  })
}

function begin<T>(outer: Task | undefined, since: number, call: () => T): T {
  if (outer === undefined || outer.ownerSerial === SILENT || !outer.current.trace.sampled) return within(outer, call)
  const task = lendTask(outer)
  task.queued = now() - since
  try {
    return storage.run(task, call)
  } finally {
    // What goes on after this call outlives the synchronous span in which the queue was filled.
    task.current = task.owner
  }
}

/** Some queues begin a task in the context of the one before it. */
function within<T>(task: Task | undefined, call: () => T): T {
  return currentTask() === task ? call() : storage.run(task, call)
}
