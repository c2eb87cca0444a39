import { types } from 'node:util'
import {
  delegate,
  delegateAsync,
  enter,
  enterAsync,
  enterAsyncGenerator,
  enterGenerator,
  exit,
  exitAsync,
  exitGenerator,
  fail,
  failAsync,
  failGenerator,
  proceed,
  resume,
  suspend,
} from '../runtime/abi.ts'
import type { RuntimeSite } from '../runtime/site.ts'

// biome-ignore lint/suspicious/noExplicitAny: functions of every type pass through, unchanged in type.
export type AnyFunction = (this: any, ...values: any[]) => any

/**
 * Asked at a call, when `this` can say which class it is: decorators run before their class exists. `wrapper`: the
 * function that the class has in the place of the decorated one.
 */
export type SiteOf = (self: unknown, wrapper: AnyFunction) => RuntimeSite

/** What each wrapper wraps. */
const originals = new WeakMap<object, AnyFunction>()

/** Whether a function was made by `wrap`. */
export function isWrapped(fn: unknown): boolean {
  return typeof fn === 'function' && originals.has(fn)
}

/** The function that was given to `wrap`, or `fn` itself. */
export function unwrapped<T>(fn: T): T {
  return ((typeof fn === 'function' ? originals.get(fn) : undefined) as T | undefined) ?? fn
}

/** A class: it cannot be called, so neither can what would wrap it. */
export function isClass(value: unknown): boolean {
  return typeof value === 'function' && Object.getOwnPropertyDescriptor(value, 'prototype')?.writable === false
}

/** Whether `new` works on it. Methods, arrows and async functions have no `prototype`; generators have one all the same. */
export function isConstructor(value: unknown): boolean {
  return typeof value === 'function' && Object.hasOwn(value, 'prototype') && !types.isGeneratorFunction(value)
}

/**
 * A function that runs `fn` in a span. For code that the transformer has not seen: a wrapper shows in stacks and as a
 * frame, and an async function's promise settles a tick later; in place, by the transformer, neither is so.
 */
export function wrap<F extends AnyFunction>(fn: F, siteOf: SiteOf): F {
  const wrapper = wrapperOf(fn)(fn, siteOf)
  copyProperties(fn, wrapper)
  originals.set(wrapper, fn)
  return wrapper as F
}

function wrapperOf(fn: AnyFunction): (fn: AnyFunction, siteOf: SiteOf) => AnyFunction {
  const generator = types.isGeneratorFunction(fn)
  if (types.isAsyncFunction(fn)) return generator ? wrapAsyncGenerator : wrapAsync
  if (generator) return wrapGenerator
  return isConstructor(fn) ? wrapConstructor : wrapSync
}

function wrapSync(fn: AnyFunction, siteOf: SiteOf): AnyFunction {
  // A method, which `new` refuses as it refuses the one that it stands for.
  const holder: { wrapper: AnyFunction } = {
    wrapper(...values): unknown {
      const span = enter(siteOf(this, holder.wrapper))
      try {
        return Reflect.apply(fn, this, values)
      } catch (error) {
        throw fail(span, error, values)
      } finally {
        exit(span)
      }
    },
  }
  return holder.wrapper
}

/** A function of the old kind that is the value of a member; called by `new` it is nobody's method. */
function wrapConstructor(fn: AnyFunction, siteOf: SiteOf): AnyFunction {
  const call = wrapSync(fn, siteOf)
  const wrapper: AnyFunction = function (...values): unknown {
    if (new.target === undefined) return Reflect.apply(call, this, values)
    return Reflect.construct(fn, values, new.target === wrapper ? fn : new.target)
  }
  return wrapper
}

function wrapAsync(fn: AnyFunction, siteOf: SiteOf): AnyFunction {
  const wrapper: AnyFunction = async function (...values) {
    const task = enterAsync(siteOf(this, wrapper))
    try {
      return resume(task, await suspend(task, Reflect.apply(fn, this, values)))
    } catch (error) {
      throw failAsync(task, error, values)
    } finally {
      exitAsync(task)
    }
  }
  return wrapper
}

function wrapGenerator(fn: AnyFunction, siteOf: SiteOf): AnyFunction {
  const wrapper: AnyFunction = function* (...values) {
    const frame = enterGenerator(siteOf(this, wrapper))
    try {
      return proceed(frame, yield* delegate(frame, Reflect.apply(fn, this, values)) as Generator)
    } catch (error) {
      throw failGenerator(frame, error, values)
    } finally {
      exitGenerator(frame)
    }
  }
  return wrapper
}

function wrapAsyncGenerator(fn: AnyFunction, siteOf: SiteOf): AnyFunction {
  const wrapper: AnyFunction = async function* (...values) {
    const task = enterAsyncGenerator(siteOf(this, wrapper))
    try {
      return suspend(task, resume(task, yield* delegateAsync(task, Reflect.apply(fn, this, values)) as AsyncGenerator))
    } catch (error) {
      throw failAsync(task, error, values)
    } finally {
      exitAsync(task)
    }
  }
  return wrapper
}

/** Name, length and whatever frameworks have put on the function, `reflect-metadata`'s included. */
function copyProperties(from: AnyFunction, to: AnyFunction): void {
  for (const key of Reflect.ownKeys(from)) {
    if (key === 'arguments' || key === 'caller') continue
    const own = Object.getOwnPropertyDescriptor(from, key)
    if (own) Object.defineProperty(to, key, own)
  }
  const { getOwnMetadataKeys, getOwnMetadata, defineMetadata } = Reflect as Partial<MetadataReflection>
  for (const key of getOwnMetadataKeys?.(from) ?? []) defineMetadata?.(key, getOwnMetadata?.(key, from), to)
}

/** What `reflect-metadata`, where it is loaded, adds to `Reflect`. */
interface MetadataReflection {
  getOwnMetadataKeys(target: object): unknown[]
  getOwnMetadata(key: unknown, target: object): unknown
  defineMetadata(key: unknown, value: unknown, target: object): void
}
