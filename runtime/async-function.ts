import { types } from 'node:util'
import { detailsOf } from './active-span.ts'
import { now } from './clock.ts'
import { recordFailure } from './failure.ts'
import { OFF_TASK } from './off.ts'
import { collector, storage } from './shared.ts'
import type { RuntimeSite } from './site.ts'
import { beginBound, endBound, own } from './span-lifecycle.ts'
import { ATTACHED, ENTERED, LEFT, type Task, YIELDED } from './task.ts'

/** Begins the span of an async function, or async generator, in a task of its own. Never throws. */
export function enterAsync(site: RuntimeSite): Task {
  if (!collector.enabled) return OFF_TASK
  const outer = storage.getStore()
  const span = beginBound(site, outer === undefined ? null : outer.current)
  const task = own(span, outer)
  storage.enterWith(task)
  span.start = now()
  return task
}

/** The same for an async generator, at its first `next`. */
export function enterAsyncGenerator(site: RuntimeSite): Task {
  const task = enterAsync(site)
  task.generator = true
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
  if (types.isPromise(value) && isPlain(value)) {
    task.returned = value
    then.call(
      value,
      () => settled(task, value),
      (error: unknown) => {
        if (task.returned === value) recordFailure(task.owner, error, undefined)
        settled(task, value)
      },
    )
  }
  return value
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
  if (task.state === ENTERED) storage.enterWith(task.outer)
  else if (task.state === YIELDED) unpause(task)
  task.exited = true
  if (task.returned === undefined) endBound(task.owner)
}

function settled(task: Task, value: Promise<unknown>): void {
  if (task.returned !== value) return
  task.returned = undefined
  // Otherwise a `finally` block still runs, and the function's own end is to come.
  if (task.exited) endBound(task.owner)
}

function leave(task: Task): void {
  storage.enterWith(task.outer)
  task.state = LEFT
}

function takeUp(task: Task): void {
  if (task.state === LEFT) {
    storage.enterWith(task.inside)
    task.state = ATTACHED
  } else if (task.state === YIELDED) {
    unpause(task)
    task.outer = storage.getStore()
    storage.enterWith(task.inside)
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
