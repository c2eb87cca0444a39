import type { SpanContext } from '../model/index.ts'
import type { ActiveSpan } from './active-span.ts'
import type { TraceIdentity } from './active-trace.ts'
import type { Frame } from './context-frame.ts'

/** The body runs in a context that was entered by hand and must be left at the first suspension. */
export const ENTERED = 0
/** Suspended for the first time: the next resume enters the task again. */
export const LEFT = 1
/** The engine restores the task after each suspension; there is nothing left to do. */
export const ATTACHED = 2
/** An async generator between a `yield` and the next request. */
export const YIELDED = 3
/** In place of the owner's number in a task that stands outside all traces. */
export const SILENT = -1
export type TaskState = typeof ENTERED | typeof LEFT | typeof ATTACHED | typeof YIELDED

/** Tasks that another one has lent its span to. */
export interface Lent {
  add(task: Task): void
  bury(identity: TraceIdentity, parent: ActiveSpan): void
}

/**
 * The holder of one task's current span: what AsyncLocalStorage stores. A root, an async function and a span begun by
 * `logger.span` have one each; synchronous spans push and pop on `current`. Writes nest with `finally`, and
 * JavaScript never interleaves synchronous code, so on an empty stack `current` is the owner again; the engine gives every continuation
 * the holder that it was suspended with. Once its owner has ended the task stays behind as a small tombstone, so that a callback which
 * still carries it joins the right trace.
 */
export class Task {
  current: ActiveSpan
  owner: ActiveSpan
  /** The store to give back to whoever called. */
  outer: Task | undefined
  /** The caller's whole context, and the task's own, where Node has such frames (`task-context.ts`). */
  outerFrame: Frame | undefined
  frame: Frame | undefined
  state: TaskState = ENTERED
  /** An async generator: each resume from a `yield` enters it anew. */
  generator = false
  /** What the body runs in: this task, or that of a span that it declared by `using`. */
  inside: Task = this
  /** Stands for the promise that the function returns: the span ends when that settles. */
  returned: object | undefined
  /** The task before this one, of those of its trace. */
  earlier: Task | undefined
  /** Set when its trace was exported: with `ownerSerial`, all that is kept of the owner. */
  buried: TraceIdentity | undefined
  ownerSerial = 0
  /** Set where the owner is a span of another thread, process or service: what begins in this task is below that. */
  remote: SpanContext | undefined
  /** Milliseconds that it waited in a queue; until the first span in it says so. */
  queued: number | undefined
  /** Tasks beside this one (`lent-tasks.ts`), which are buried with it. */
  lent: Lent | undefined

  constructor(owner: ActiveSpan, outer: Task | undefined) {
    this.current = owner
    this.owner = owner
    this.outer = outer
  }
}
