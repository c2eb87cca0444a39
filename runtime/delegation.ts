import { pauseAsync, resume, suspend } from './async-function.ts'
import { type GeneratorFrame, pause, proceed } from './generator-function.ts'
import { isMethod, isObject, stand, standIn } from './stand-in.ts'
import { ENTERED, type Task } from './task.ts'
import { type Then, unseen, unseenStep } from './unseen-call.ts'

/**
 * For `yield* iterable` in a generator: each step of the inner iterator runs with the generator's span current.
 * Results pass through as they are, unread, so that their getters run as often as they would.
 *
 * The engine hands a result on to whoever asked for it and runs nothing of the generator's, so the generator is paused on the way
 * back. (A loop of `yield`s would make new results, whose getters are the iterator's, and never learn what `return(value)` was
 * given.)
 */
export function delegate(frame: GeneratorFrame, iterable: unknown): unknown {
  const before = (): void => proceed(frame)
  const after: Then = result => pause(frame, result)
  return opening(iterable, [Symbol.iterator], iterator => delegated(iterator, before, after))
}

/** The same for `yield*` in an async generator. */
export function delegateAsync(task: Task, iterable: unknown): unknown {
  const before = (): void => resume(task)
  const after: Then = result => pauseAsync(task, result)
  return opening(iterable, ASYNC_FIRST, iterator => delegated(iterator, before, after))
}

/**
 * For `for await (… of iterable)`: the loop suspends the function where no `await` can be seen, so the iterator's steps
 * do what `suspend` would. Nothing is done where an async function has been suspended
 * before; an async generator is entered anew after each of its own yields.
 */
export function iterate(task: Task, iterable: unknown): unknown {
  if (task.state !== ENTERED && !task.generator) return iterable
  return opening(iterable, ASYNC_FIRST, iterator => looped(iterator, result => suspend(task, result)))
}

/** The engine makes an async iterator of a synchronous one, at its own count of ticks: it must see that it is one. */
const ASYNC_FIRST: readonly symbol[] = [Symbol.asyncIterator, Symbol.iterator]

/** What stands for `iterable`, and opens what `stepped` makes of its iterator. */
function opening(iterable: unknown, names: readonly symbol[], stepped: (iterator: object) => object): unknown {
  const opened: Then = iterator => (isObject(iterator) ? stepped(iterator) : iterator)
  return standIn(iterable, names, method => unseen(method, iterable, opened))
}

/** A loop's steps: they are given nothing, and there is nothing to do before. */
function looped(iterator: object, after: Then): object {
  const step: Then = method => (isMethod(method) ? unseen(method, iterator, after) : method)
  return stepping(iterator, step, step, step)
}

/** The steps of `yield*`: each is given a value, but not the `return` to an iterator that cannot be thrown into. */
function delegated(iterator: object, before: () => void, after: Then): object {
  let closing = false
  const step: Then = method => (isMethod(method) ? unseenStep(method, iterator, before, after) : method)
  const throwing: Then = method => {
    closing = !isMethod(method)
    return step(method)
  }
  const returning: Then = method => {
    if (!closing || !isMethod(method)) return step(method)
    before()
    return unseen(method, iterator, after)
  }
  return stepping(iterator, step, returning, throwing)
}

/** `next` is read when the loop begins; the others when they are needed. */
function stepping(iterator: object, next: Then, returning: Then, throwing: Then): object {
  const steps = {}
  stand(steps, 'next', iterator, next)
  stand(steps, 'return', iterator, returning)
  stand(steps, 'throw', iterator, throwing)
  return steps
}
