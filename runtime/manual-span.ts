/// <reference lib="esnext.disposable" preserve="true" />
import { types } from 'node:util'
import { LEVELS, type Level, type SpanContext, type SpanKind } from '../model/index.ts'
import { type ActiveSpan, detailsOf, isRunning } from './active-span.ts'
import { callSite } from './call-site.ts'
import { bounded, captureAttributes, captureValue, define } from './capture.ts'
import { now } from './clock.ts'
import { recordFailure } from './failure.ts'
import type { GeneratorFrame } from './generator-function.ts'
import { dataProperty } from './intrinsics.ts'
import { addLink } from './linking/reference.ts'
import { OFF_SPAN, OFF_TASK } from './off.ts'
import { collector, currentTask, shared, storage } from './shared.ts'
import { remoteTask, spanContextOfTask } from './span-context.ts'
import { idOfSerial, spanId } from './span-id.ts'
import { beginBound, endBound, own } from './span-lifecycle.ts'
import { ATTACHED, type Task } from './task.ts'

/** Of one span; further ones are counted in its attribute `attributes.dropped`. */
const MAX_ATTRIBUTES = 256
/** Characters. */
const MAX_NAME = 1_000

export interface SpanOptions {
  /** Begin a trace of its own, with a link to the current span, in place of a child of that. */
  readonly newTrace?: boolean
  /** Begin below a span of elsewhere: what `extract` found in a message. Goes before `newTrace`. */
  readonly parent?: SpanContext | undefined
  readonly attributes?: Readonly<Record<string, unknown>>
  readonly level?: Level
  readonly kind?: SpanKind
}

/**
 * A span begun by hand. It ends by `end`, or with the block that it was declared in by `using`. While it runs it is a parent for what
 * `run` and `span` begin; in a function that the transformer has instrumented, `using` makes it current as well.
 */
export class ManualSpan implements Disposable, AsyncDisposable {
  // Not the span itself: once the trace is exported the task has a tombstone in its place, and whoever keeps this object does
  // not keep the tree.
  readonly #task: Task
  /** Makes current again what was before `scope`. */
  #leave: (() => void) | undefined

  /** @internal */
  constructor(task: Task) {
    this.#task = task
    if (task !== OFF_TASK) shared.manualSpans.add(this)
  }

  get #span(): ActiveSpan {
    return this.#task.owner
  }

  /** The W3C span id, 16 hex digits. */
  get id(): string {
    const { buried, owner, ownerSerial } = this.#task
    return buried === undefined ? spanId(owner) : idOfSerial(ownerSerial)
  }

  /** The trace's ksuid. */
  get traceId(): string {
    const { buried, owner } = this.#task
    return this.#task === OFF_TASK ? '' : (buried ?? owner.trace.identity).id
  }

  /** Sets attributes. */
  extra(attributes: Readonly<Record<string, unknown>>): this {
    setAttributes(this.#span, attributes)
    return this
  }

  /** Runs `fn` with this span current, in whatever `fn` awaits and starts as well. */
  run<T>(fn: () => T): T {
    return this.#task === OFF_TASK ? fn() : storage.run(this.#task, fn)
  }

  /** Begins a child of this span and runs `fn` in it, as `logger.span` does. */
  span<T>(name: string, fn: (span: ManualSpan) => T): T
  span<T>(name: string, options: SpanOptions, fn: (span: ManualSpan) => T): T
  span<T>(name: string, ...rest: [fn: Body<T>] | [options: SpanOptions, fn: Body<T>]): T {
    const [options, fn] = rest.length === 1 ? [{}, rest[0]] : rest
    return runSpan(name, options, fn, 1, this.#task)
  }

  /** Marks the span as failed with `error`; it still has to end. */
  fail(error: unknown): this {
    if (this.#span !== OFF_SPAN && isRunning(this.#span)) recordFailure(this.#span, error, undefined)
    return this
  }

  /** Ends the span; a second end changes nothing. */
  end(): void {
    if (this.#span === OFF_SPAN || !isRunning(this.#span)) return
    this.#leave?.()
    endBound(this.#span)
  }

  [Symbol.dispose](): void {
    this.end()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.end()
  }

  /** @internal Makes the span current in an instrumented function until it ends. */
  scope(frame: ActiveSpan | Task | GeneratorFrame): void {
    if (this.#span === OFF_SPAN || this.#leave !== undefined || !isRunning(this.#span)) return
    this.#leave = 'inside' in frame ? nest(frame, this.#task) : push(frame, this.#span)
  }
}

type Body<T> = (span: ManualSpan) => T

/** Begins a span below the current one. `depth`: frames between the program's call and this function's. */
export function startSpan(name: string, options: SpanOptions, depth: number): ManualSpan {
  return new ManualSpan(begin(name, options, depth + 1))
}

/**
 * Runs `fn` in a span of its own. A promise that it returns keeps the span open until it settles, and what is returned
 * is then a promise that settles in the same way. `above`: the task of the parent, in place of the
 * current one.
 */
export function runSpan<T>(name: string, options: SpanOptions, fn: Body<T>, depth: number, above?: Task): T {
  const task = begin(name, options, depth + 1, above)
  const manual = new ManualSpan(task)
  if (task === OFF_TASK) return fn(manual)
  let result: T
  try {
    result = storage.run(task, fn, manual)
  } catch (error) {
    manual.fail(error).end()
    throw error
  }
  if (isPromise(result)) return settling(result, manual) as T
  manual.end()
  return result
}

/** Whether `then` can be called without running code of the program: a thenable or a promise with its own may be lazy. */
function isPromise(value: unknown): value is Promise<unknown> {
  return types.isPromise(value) && dataProperty(value, 'then') === Promise.prototype.then
}

/** A promise that settles as `promise` does, with the properties that it was given, and ends the span when it does. */
function settling(promise: Promise<unknown>, manual: ManualSpan): Promise<unknown> {
  const derived = promise.then(
    value => {
      manual.end()
      return value
    },
    (error: unknown) => {
      manual.fail(error).end()
      throw error
    },
  )
  return Object.defineProperties(derived, Object.getOwnPropertyDescriptors(promise))
}

/** In instrumented code, around each resource of a `using` declaration. Returns the resource. */
export function scoped<T>(frame: ActiveSpan | Task | GeneratorFrame, resource: T): T {
  // Also one of another copy of this module.
  if (shared.manualSpans.has(resource as object)) (resource as ManualSpan).scope(frame)
  return resource
}

/** On the stack of a function that nothing can interleave: a synchronous one, or a generator between two yields. */
function push(frame: ActiveSpan | GeneratorFrame, span: ActiveSpan): () => void {
  const below = frame.task.current
  frame.task.current = span
  return () => {
    // A generator may by now run in another task than then, or wait at a `yield`.
    if (frame.task.current === span) frame.task.current = running(below)
    if ('top' in frame && frame.top === span) frame.top = running(below)
  }
}

/** The nearest span that has not ended: steps need not end in the order in which they began. */
function running(span: ActiveSpan): ActiveSpan {
  let at = span
  while (!isRunning(at) && at.parent !== null) at = at.parent
  return at
}

/**
 * In an async function: callbacks that it started before still belong to its own task while it waits, so the span gets a
 * task of its own for the rest of the block.
 */
function nest(frame: Task, task: Task): () => void {
  const below = frame.inside
  frame.inside = task
  storage.enterWith(task)
  return () => {
    if (frame.inside === task) frame.inside = below
    // Ended from somewhere else: the block goes on in this task, which from now on speaks for the one below.
    if (storage.getStore() === task) storage.enterWith(below)
    else task.current = below.current
  }
}

/** Sets attributes of a span, captured as they are now. */
export function setAttributes(span: ActiveSpan, attributes: Readonly<Record<string, unknown>>): void {
  if (span === OFF_SPAN || span.trace.complete) return
  const kept = (detailsOf(span).attributes ??= {})
  let count = Object.keys(kept).length
  for (const [name, value] of Object.entries(captureAttributes(attributes))) {
    if (Object.hasOwn(kept, name)) define(kept, name, value)
    else if (count++ < MAX_ATTRIBUTES) define(kept, name, value)
    else kept['attributes.dropped'] = Number(kept['attributes.dropped'] ?? 0) + 1
  }
}

function label(name: unknown): string {
  const text = typeof name === 'string' ? name : captureValue(name)
  return bounded(typeof text === 'string' ? text : JSON.stringify(text), MAX_NAME)
}

/** `above`: in place of the current task. */
function begin(name: string, given: SpanOptions | null | undefined, depth: number, above?: Task): Task {
  if (!collector.enabled || above === OFF_TASK) return OFF_TASK
  const options = given ?? {}
  const around = above ?? currentTask()
  const outer = options.parent !== undefined ? remoteTask(options.parent) : options.newTrace ? undefined : around
  const span = beginBound(callSite(label(name), depth + 1), outer, above === outer ? above?.owner : outer?.current)
  if (span === OFF_SPAN) return OFF_TASK
  const task = own(span, undefined)
  task.state = ATTACHED
  if (options.newTrace && outer === undefined && around !== undefined) addLink(span, spanContextOfTask(around))
  if (options.attributes !== undefined) setAttributes(span, options.attributes)
  if (LEVELS.includes(options.level as Level)) detailsOf(span).level = options.level as Level
  if (options.kind !== undefined) detailsOf(span).kind = options.kind
  span.start = now()
  return task
}
