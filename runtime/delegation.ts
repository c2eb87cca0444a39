import { pauseAsync, resume, suspend } from './async-function.ts'
import { type GeneratorFrame, pause, proceed } from './generator-function.ts'
import { OFF_SPAN, OFF_TASK } from './off.ts'
import { isMethod, isObject, standIn, unseenGetter } from './stand-in.ts'
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
  if (frame.span === OFF_SPAN) return iterable
  const before = (): void => proceed(frame)
  const after: Then = result => pause(frame, result)
  return opening(iterable, [Symbol.iterator], iterator => delegated(iterator, before, after))
}

/** The same for `yield*` in an async generator. */
export function delegateAsync(task: Task, iterable: unknown): unknown {
  if (task === OFF_TASK) return iterable
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

/** What is handed to the engine for a method of an iterator, or for what stands in its place. */
type Step = (name: string, method: unknown) => unknown

/** A loop's steps: they are given nothing, and there is nothing to do before. */
function looped(iterator: object, after: Then): object {
  return new Steps(iterator, (_, method) => (isMethod(method) ? unseen(method, iterator, after) : method))
}

/** The steps of `yield*`: each is given a value, but not the `return` to an iterator that cannot be thrown into. */
function delegated(iterator: object, before: () => void, after: Then): object {
  let closing = false
  return new Steps(iterator, (name, method) => {
    if (name === 'throw') closing = !isMethod(method)
    if (!isMethod(method)) return method
    if (name !== 'return' || !closing) return unseenStep(method, iterator, before, after)
    before()
    return unseen(method, iterator, after)
  })
}

/** In place of an iterator. The engine reads `next` when the loop begins, the others when it needs them. */
class Steps {
  readonly #iterator: { readonly [name: string]: unknown }
  readonly #step: Step

  constructor(iterator: object, step: Step) {
    this.#iterator = iterator as { readonly [name: string]: unknown }
    this.#step = step
    for (const name of METHODS) {
      const get = unseenGetter(iterator, name, method => step(name, method))
      if (get) Object.defineProperty(this, name, { get })
    }
  }

  get next(): unknown {
    return this.#step('next', this.#iterator['next'])
  }

  get return(): unknown {
    return this.#step('return', this.#iterator['return'])
  }

  get throw(): unknown {
    return this.#step('throw', this.#iterator['throw'])
  }
}

const METHODS = ['next', 'return', 'throw'] as const
