import { types } from 'node:util'
import { detailsOf } from './active-span.ts'
import { now } from './clock.ts'
import { recordFailure } from './failure.ts'
import { OFF_SPAN, OFF_TASK } from './off.ts'
import { keepResult } from './result.ts'
import { collector, context, currentTask, storage } from './shared.ts'
import type { RuntimeSite } from './site.ts'
import { beginBound, endBound, own, skip } from './span-lifecycle.ts'
import { ATTACHED, ENTERED, LEFT, type Task, YIELDED } from './task.ts'

/** Begins the span of an async function, or async generator, in a task of its own. Never throws. */
export function enterAsync(site: RuntimeSite): Task {
  if (!collector.enabled || site.countedOnly) return skip(site).task
  const outer = currentTask()
  const span = beginBound(site, outer)
  if (span === OFF_SPAN) return OFF_TASK
  const task = own(span, outer)
  context.enter(task)
  if (span.trace.sampled) span.start = now()
  return task
}

/** The same for an async generator, at its first `next`. */
export function enterAsyncGenerator(site: RuntimeSite): Task {
  const task = enterAsync(site)
  if (task !== OFF_TASK) task.generator = true
  return task
}

/** Before the function suspends: the first time, the caller gets its context back. Returns `value`. */
export function suspend<T>(task: Task, value: T): T {
  if (task.state === ENTERED) leave(task)
  return value
}

/** After the function was resumed, by whatever way: its context is current again. Returns `value`. */
export function resume<T>(task: Task, value?: T): T {
  if (task.state !== ATTACHED) takeUp(task)
  return value as T
}

/** Before an async generator yields. Returns `value`. */
export function pauseAsync<T>(task: Task, value?: T): T {
  if (task === OFF_TASK) return value as T
  if (task.state === ENTERED) leave(task)
  task.state = YIELDED
  detailsOf(task.owner).paused = true
  collector.paused(task.owner)
  return value as T
}

/**
 * For `return value` in an async function. A native promise settles the function when it settles, so the span ends with
 * it. The engine adopts that promise anyway, so that to observe it hides no unhandled rejection. Other thenables are
 * not touched: to call `then` of a lazy one would run it.
 */
export function settle<T>(task: Task, value: T): T {
  if (task === OFF_TASK) return value
  task.returned = undefined
  if (!types.isPromise(value) || !isPlain(value) || value.then !== then) return value
  task.returned = new Returned(task, value)
  return task.returned as unknown as T
}

/**
 * What an async function hands to the engine in place of the promise that it returns. The engine asks for `then` and calls it a tick
 * later, exactly as with the promise; so a promise that a `finally` replaces by something else is never touched.
 *
 * V8 follows awaiting functions (`at async main` in a stack) from a promise with one reaction only, through a handler that is its
 * own resolving function, or else through the promise derived. Hence the one `then` on the promise, which settles the function, and the
 * second on what is derived: it comes too late to do anything, and shows V8 the way.
 */
class Returned {
  readonly #task: Task
  readonly #promise: Promise<unknown>

  constructor(task: Task, promise: Promise<unknown>) {
    this.#task = task
    this.#promise = promise
  }

  // biome-ignore lint/suspicious/noThenProperty: the engine is to find it
  then(fulfil: (value: unknown) => void, reject: (reason: unknown) => void): void {
    const task = this.#task
    const derived = then.call(
      this.#promise,
      value => {
        if (task.owner.site.options.results) keepResult(task.owner, value)
        settled(task)
        fulfil(value)
      },
      (error: unknown) => {
        recordFailure(task.owner, error, undefined)
        settled(task)
        reject(error)
      },
    )
    then.call(derived, fulfil)
  }
}

/** Records that `error` is about to reject the function's promise; returns it. Never throws. */
export function failAsync<E>(task: Task, error: E, parameters?: readonly unknown[]): E {
  if (task === OFF_TASK) return error
  // A `finally` block that throws takes the place of the promise that was to be returned.
  task.returned = undefined
  recordFailure(task.owner, error, parameters)
  return error
}

/** Ends the span of an async function or async generator, unless a returned promise will. Never throws. */
export function exitAsync(task: Task): void {
  if (task === OFF_TASK) return
  if (task.state === ENTERED) context.leave(task)
  else if (task.state === YIELDED) unpause(task)
  if (task.returned === undefined) endBound(task.owner)
}

function settled(task: Task): void {
  task.returned = undefined
  endBound(task.owner)
}

function leave(task: Task): void {
  context.leave(task)
  task.state = LEFT
}

function takeUp(task: Task): void {
  if (task.state === LEFT) {
    context.reenter(task)
    task.state = ATTACHED
  } else if (task.state === YIELDED) {
    unpause(task)
    task.outer = currentTask()
    context.enter(task)
    if (task.inside !== task) storage.enterWith(task.inside)
    task.state = ENTERED
  }
}

function unpause(task: Task): void {
  detailsOf(task.owner).paused = false
  collector.unpaused(task.owner)
}

const { then } = Promise.prototype

/** Whether calling `then` runs nothing of the program: no subclass, no property in the way. */
function isPlain(promise: Promise<unknown>): boolean {
  return Object.getPrototypeOf(promise) === Promise.prototype && !Object.hasOwn(promise, 'constructor')
}
