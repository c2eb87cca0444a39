import { pauseAsync, resume, suspend } from './async-function.ts'
import { type GeneratorFrame, pause, proceed } from './generator-function.ts'
import { ENTERED, type Task } from './task.ts'

type Step = (...values: unknown[]) => unknown

/**
 * What is done before and after each step of an iterator. One frame of ours is on the stack while the iterator's own code
 * runs, and it cannot be had without. The engine hands a step's result on to whoever asked for it and runs nothing
 * of the generator's: `after` has to be on the way back. A loop of `yield`s in place of `yield*` would need no frame, but it would make
 * new results (whose getters are the iterator's), and it never learns what `return(value)` was given.
 */
interface Around {
  before(): void
  after(): void
}

/**
 * For `yield* iterable` in a generator: each step of the inner iterator runs with the generator's span current.
 * Results pass through as they are, unread, so that their getters run as often as they would.
 */
export function delegate(frame: GeneratorFrame, iterable: unknown): unknown {
  const method = methodOf(iterable, Symbol.iterator)
  if (method === undefined) return iterable
  return {
    [Symbol.iterator]: () =>
      steps(Reflect.apply(method, iterable, []), { before: () => proceed(frame), after: () => pause(frame) }),
  }
}

/** The same for `yield*` in an async generator. */
export function delegateAsync(task: Task, iterable: unknown): unknown {
  return aroundSteps(iterable, { before: () => resume(task), after: () => pauseAsync(task) })
}

/**
 * For `for await (… of iterable)`: the loop suspends the function where no `await` can be seen, so the iterator's steps
 * do what `suspend` would. Nothing is done where an async function has been suspended
 * before; an async generator is entered anew after each of its own yields.
 */
export function iterate(task: Task, iterable: unknown): unknown {
  if (task.state !== ENTERED && !task.generator) return iterable
  return aroundSteps(iterable, { before: nothing, after: () => suspend(task, undefined) })
}

function nothing(): void {}

function aroundSteps(iterable: unknown, around: Around): unknown {
  if (iterable === undefined || iterable === null) return iterable
  const method = (iterable as { [key: symbol]: unknown })[Symbol.asyncIterator]
  if (typeof method === 'function') {
    return { [Symbol.asyncIterator]: () => steps(Reflect.apply(method, iterable, []), around) }
  }
  // Read already, and not to be read again.
  if (method !== undefined && method !== null) return { [Symbol.asyncIterator]: method }
  const sync = methodOf(iterable, Symbol.iterator)
  if (sync === undefined) return iterable
  // The engine makes an async iterator of a synchronous one, at its own count of ticks: it must see that it is one.
  return { [Symbol.iterator]: () => steps(Reflect.apply(sync, iterable, []), around) }
}

/** The method, or undefined where the engine is to complain itself. */
function methodOf(iterable: unknown, name: typeof Symbol.iterator): Step | undefined {
  if (iterable === undefined || iterable === null) return undefined
  const method = (iterable as { [key: symbol]: unknown })[name]
  return typeof method === 'function' ? (method as Step) : undefined
}

function steps(iterator: unknown, around: Around): unknown {
  if ((typeof iterator !== 'object' && typeof iterator !== 'function') || iterator === null) return iterator
  const target = iterator as { [key: string]: unknown }
  const stepOf = (name: string): unknown => {
    const method = target[name]
    if (typeof method !== 'function') return method
    return (...values: unknown[]) => {
      around.before()
      const result = Reflect.apply(method, iterator, values)
      around.after()
      return result
    }
  }
  // `next` is read once, when the loop begins; the others are looked for when they are needed, as by the engine.
  const next = stepOf('next')
  return {
    next,
    get return() {
      return stepOf('return')
    },
    get throw() {
      return stepOf('throw')
    },
  }
}
