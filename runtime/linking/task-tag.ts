import type { SpanContext } from '../../model/index.ts'
import { epochMilliseconds, now } from '../clock.ts'
import { handOut } from './hand-out.ts'
import { thisThread } from './link-data.ts'

/** What is known of a task from where it was enqueued; it goes with the pool's own message to the worker. */
export interface TaskTag {
  /** The span that enqueued it; none outside any span. */
  readonly context?: SpanContext
  /** Milliseconds since the Unix epoch. */
  readonly enqueued: number
  /** The thread that it was enqueued in (`thisThread`). */
  readonly from: string
}

/** The property of a pool's message under which the tag goes. The message is the pool's: no program ever sees it. */
const TAG = 'span-tree'

/** Tags by an object that the pool hands on, unseen, from where a task is enqueued to where it is sent: its list of transfers, or of parameters. */
const tags = new WeakMap<object, TaskTag>()

/** A copy of the list by which its task is found again, also when the pool appends to it. */
export function tagged<T>(list: readonly T[], tag: TaskTag = newTag()): T[] {
  const copy = [...list]
  tags.set(copy, tag)
  const concat = (...more: (T | ConcatArray<T>)[]): T[] =>
    tagged(Array.prototype.concat.call(list, ...more) as T[], tag)
  // Not enumerable: a pool that has the list in its message as well sends the list alone.
  Object.defineProperty(copy, 'concat', { value: concat })
  return copy
}

function newTag(): TaskTag {
  const context = handOut()
  return { enqueued: epochMilliseconds(now()), from: thisThread, ...(context && { context }) }
}

/** The message with its tag, where it is that of a tagged task; else as it is. */
export function withTag(message: unknown, transfer?: unknown): unknown {
  if (typeof message !== 'object' || message === null || Array.isArray(message)) return message
  const { params, transferList } = message as { params?: unknown; transferList?: unknown }
  const tag = tagOf(transfer) ?? tagOf(params) ?? tagOf(transferList)
  return tag === undefined ? message : { ...message, [TAG]: tag }
}

function tagOf(list: unknown): TaskTag | undefined {
  return Array.isArray(list) ? tags.get(list) : undefined
}
