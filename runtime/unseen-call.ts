import { unseenFunctions } from './unseen-step.ts'

// Taken before the program can put its own in their place.
const { apply, defineProperty } = Reflect
const bound = Function.prototype.call.bind(Function.prototype.bind) as (
  target: (...values: never[]) => unknown,
  ...values: unknown[]
) => (...values: unknown[]) => unknown

export type Method = (...values: never[]) => unknown

/** Methods that run nothing of the program's, of the iterables that there are most of: they need not be called the long way. */
const ENGINES_OWN: ReadonlySet<unknown> = new Set([
  ...[[], new Set(), new Map(), ''].flatMap(iterable => {
    const open = iterable[Symbol.iterator]
    const iterator = apply(open, iterable, []) as IterableIterator<unknown>
    return [open, iterator.next, iterator[Symbol.iterator]]
  }),
  (async function* () {})()[Symbol.asyncIterator],
])

/** What is made of a result before it is handed on. */
export type Then = (result: unknown) => unknown

/**
 * A call of `method` with something to do behind it, and no function of ours on the stack meanwhile: errors that are made in there
 * show the program's own frames, one below the other, as if nothing stood between them.
 *
 * The engine does it. `Reflect.apply(then, undefined, list)` reads what `list` holds before it calls `then`; the one thing it holds
 * is a getter, which is `method`, bound. Builtins that only call on have no frame. If `method` throws, `then` is not called.
 */
class UnseenCall {
  readonly [n: number]: unknown
  readonly length = 1
  /** What `method` is called with; to be changed between two calls only. */
  readonly values: readonly unknown[]

  constructor(method: Method, receiver: unknown, values: readonly unknown[]) {
    this.values = values
    defineProperty(this, 0, { get: bound(apply, undefined, method, receiver, values) })
  }
}

/** A function that calls `method` on `receiver`, with nothing, and returns what `then` makes of the result. */
export function unseen(method: Method, receiver: unknown, then: Then): Method {
  if (ENGINES_OWN.has(method)) return () => then(apply(method, receiver, []))
  return bound(apply, undefined, then, undefined, new UnseenCall(method, receiver, []))
}

/** The same with one value, for which `before` is done first. */
export function unseenStep(method: Method, receiver: unknown, before: () => void, then: Then): Method {
  const values: unknown[] = [undefined]
  const take = (value: unknown): void => {
    values[0] = value
    before()
  }
  if (ENGINES_OWN.has(method)) {
    return (value: unknown) => {
      take(value)
      return then(apply(method, receiver, values as never[]))
    }
  }
  functions ??= unseenFunctions()
  return bound(functions.step, undefined, take, then, new UnseenCall(method, receiver, values))
}

let functions: ReturnType<typeof unseenFunctions> | undefined
/** Those whose function has been called: to make one takes ten microseconds. */
const idle: ReturnType<typeof unseenFunctions>[] = []

/**
 * As `unseen`, to be called once. V8 takes no bound function for the method that disposes of a resource (but any that a program
 * has in its code), so what is called is kept aside.
 */
export function unseenOnce(method: Method, receiver: unknown, then: Then): Method {
  const once = idle.pop() ?? unseenFunctions()
  once.call.value = new UnseenCall(method, receiver, [])
  once.finish.value = (result: unknown): unknown => {
    once.call.value = once.finish.value = null
    idle.push(once)
    return then(result)
  }
  return once.run
}
