import type { SpanContext } from '../../model/index.ts'
import { epochMilliseconds, now } from '../clock.ts'
import '../start.ts'
import { collector, currentTask, storage } from '../shared.ts'
import { remoteTask } from '../span-context.ts'
import type { Task } from '../task.ts'
import { callingLibrary } from './caller.ts'
import { handOut } from './hand-out.ts'
import type { TaskTag } from './task-tag.ts'

/**
 * The other end of a link, in a worker or a forked process; `worker-hook.ts` loads it when the first message comes that has a tag.
 */

/** The sender of a message, or what is known of a task. */
type Sender = Partial<TaskTag>

/** Runs the handler of a task below the span that enqueued it; in no span where there was none. */
export function runTagged<T>(tag: Sender, handle: () => T): T {
  return storage.run(taskOf(tag), handle)
}

/** The same for what handles a message after it was taken from a port, until the next is asked for. */
export function enterTagged(tag: Sender): void {
  storage.enterWith(taskOf(tag))
}

/** For what comes after the last of them; `task`: what `current` gave before the first. */
export function leaveTagged(task: unknown): void {
  storage.enterWith(task as Task | undefined)
}

export function current(): unknown {
  return storage.getStore()
}

/** What is current, for a message of the program's own. A library posts on behalf of whoever it thinks of, which we do not know. */
export function contextToSend(): SpanContext | undefined {
  // Who calls is the dear question: several microseconds.
  return collector.enabled && currentTask() !== undefined && callingLibrary() === undefined ? handOut() : undefined
}

function taskOf({ context, enqueued }: Sender): Task | undefined {
  if (context === undefined) return undefined
  const task = remoteTask(context)
  if (enqueued !== undefined) task.queued = Math.max(epochMilliseconds(now()) - enqueued, 0)
  return task
}
