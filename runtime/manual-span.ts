/// <reference lib="esnext.disposable" preserve="true" />
import type { Attributes, Level, SpanKind } from '../model/index.ts'
import { type ActiveSpan, detailsOf, isRunning } from './active-span.ts'
import { callSite } from './call-site.ts'
import { captureAttributes } from './capture.ts'
import { now } from './clock.ts'
import { recordFailure } from './failure.ts'
import type { GeneratorFrame } from './generator-function.ts'
import { OFF_SPAN } from './off.ts'
import { collector, storage } from './shared.ts'
import { spanId } from './span-id.ts'
import { beginBound, endBound, own } from './span-lifecycle.ts'
import { ATTACHED, Task } from './task.ts'

export interface SpanOptions {
  /** Begin a trace of its own in place of a child of the current span. */
  readonly newTrace?: boolean
  readonly attributes?: Readonly<Record<string, unknown>>
  readonly level?: Level
  readonly kind?: SpanKind
}

/**
 * A span begun by hand. It ends by `end`, or with the block that it was declared in by `using`. While it runs it is a parent for what
 * `run` and `span` begin; in a function that the transformer has instrumented, `using` makes it current as well.
 */
export class ManualSpan implements Disposable, AsyncDisposable {
  readonly #span: ActiveSpan
  /** Makes current again what was before `scope`. */
  #leave: (() => void) | undefined

  /** @internal */
  constructor(span: ActiveSpan) {
    this.#span = span
  }

  /** The W3C span id, 16 hex digits. */
  get id(): string {
    return spanId(this.#span)
  }

  /** The trace's ksuid. */
  get traceId(): string {
    return this.#span === OFF_SPAN ? '' : this.#span.trace.identity.id
  }

  /** Sets attributes. */
  extra(attributes: Readonly<Record<string, unknown>>): this {
    setAttributes(this.#span, attributes)
    return this
  }

  /** Runs `fn` with this span current, in whatever `fn` awaits and starts as well. */
  run<T>(fn: () => T): T {
    return this.#span === OFF_SPAN ? fn() : storage.run(this.#span.task, fn)
  }

  /** Begins a child of this span and runs `fn` in it, as `logger.span` does. */
  span<T>(name: string, fn: (span: ManualSpan) => T): T
  span<T>(name: string, options: SpanOptions, fn: (span: ManualSpan) => T): T
  span<T>(name: string, ...rest: [fn: Body<T>] | [options: SpanOptions, fn: Body<T>]): T {
    const [options, fn] = rest.length === 1 ? [{}, rest[0]] : rest
    return runSpan(name, options, fn, 1, this.#span)
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
    this.#leave = frame instanceof Task ? nest(frame, this.#span.task) : push(frame.task, this.#span)
  }
}

type Body<T> = (span: ManualSpan) => T

/** Begins a span below the current one. `depth`: frames between the program's call and this function's. */
export function startSpan(name: string, options: SpanOptions, depth: number): ManualSpan {
  return new ManualSpan(begin(name, options, depth + 1))
}

/**
 * Runs `fn` in a span of its own. A promise that it returns keeps the span open until it settles, and what is returned
 * is then a promise that settles in the same way. `parent`: in place of the current span.
 */
export function runSpan<T>(name: string, options: SpanOptions, fn: Body<T>, depth: number, parent?: ActiveSpan): T {
  const span = begin(name, options, depth + 1, parent)
  const manual = new ManualSpan(span)
  if (span === OFF_SPAN) return fn(manual)
  let result: T
  try {
    result = storage.run(span.task, fn, manual)
  } catch (error) {
    manual.fail(error).end()
    throw error
  }
  if (!(result instanceof Promise)) {
    manual.end()
    return result
  }
  return result.then(
    value => {
      manual.end()
      return value
    },
    (error: unknown) => {
      manual.fail(error).end()
      throw error
    },
  ) as T
}

/** In instrumented code, around each resource of a `using` declaration. Returns the resource. */
export function scoped<T>(frame: ActiveSpan | Task | GeneratorFrame, resource: T): T {
  if (resource instanceof ManualSpan) resource.scope(frame)
  return resource
}

/** On the stack of a function that nothing can interleave: a synchronous one, or a generator between two yields. */
function push(task: Task, span: ActiveSpan): () => void {
  const below = task.current
  task.current = span
  return () => {
    if (task.current === span) task.current = below
  }
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
  if (span === OFF_SPAN) return
  const details = detailsOf(span)
  details.attributes = { ...details.attributes, ...(captureAttributes(attributes) as Attributes) }
}

function begin(name: string, options: SpanOptions, depth: number, above?: ActiveSpan): ActiveSpan {
  if (!collector.enabled || above === OFF_SPAN) return OFF_SPAN
  const parent = options.newTrace ? null : (above ?? storage.getStore()?.current ?? null)
  const span = beginBound(callSite(name, depth + 1), parent)
  own(span, undefined).state = ATTACHED
  if (options.attributes !== undefined) setAttributes(span, options.attributes)
  if (options.level !== undefined) detailsOf(span).level = options.level
  if (options.kind !== undefined) detailsOf(span).kind = options.kind
  span.start = now()
  return span
}
