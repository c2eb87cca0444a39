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

/** Asked at a call, when `this` can say which class it is: decorators run before their class exists. */
export type SiteOf = (self: unknown) => RuntimeSite

const wrappers = new WeakSet<object>()

/** Whether a function was made by `wrap`. */
export function isWrapped(fn: unknown): boolean {
  return typeof fn === 'function' && wrappers.has(fn)
}

/**
 * A function that runs `fn` in a span. For code that the transformer has not seen: a wrapper shows in stacks and as a
 * frame, and an async function's promise settles a tick later; in place, by the transformer, neither is so.
 */
export function wrap<F extends AnyFunction>(fn: F, siteOf: SiteOf): F {
  const wrapper = wrapperOf(fn)(fn, siteOf)
  copyProperties(fn, wrapper)
  wrappers.add(wrapper)
  return wrapper as F
}

function wrapperOf(fn: AnyFunction): (fn: AnyFunction, siteOf: SiteOf) => AnyFunction {
  const generator = types.isGeneratorFunction(fn)
  if (types.isAsyncFunction(fn)) return generator ? wrapAsyncGenerator : wrapAsync
  return generator ? wrapGenerator : wrapSync
}

function wrapSync(fn: AnyFunction, siteOf: SiteOf): AnyFunction {
  return function (...values) {
    const span = enter(siteOf(this))
    try {
      return Reflect.apply(fn, this, values)
    } catch (error) {
      throw fail(span, error, values)
    } finally {
      exit(span)
    }
  }
}

function wrapAsync(fn: AnyFunction, siteOf: SiteOf): AnyFunction {
  return function (...values) {
    const task = enterAsync(siteOf(this))
    const promise: Promise<unknown> = suspend(task, Reflect.apply(fn, this, values))
    return promise.then(
      value => {
        exitAsync(task)
        return value
      },
      (error: unknown) => {
        failAsync(task, error, values)
        exitAsync(task)
        throw error
      },
    )
  }
}

function wrapGenerator(fn: AnyFunction, siteOf: SiteOf): AnyFunction {
  return function* (...values) {
    const frame = enterGenerator(siteOf(this))
    try {
      return proceed(frame, yield* delegate(frame, Reflect.apply(fn, this, values)) as Generator)
    } catch (error) {
      throw failGenerator(frame, error, values)
    } finally {
      exitGenerator(frame)
    }
  }
}

function wrapAsyncGenerator(fn: AnyFunction, siteOf: SiteOf): AnyFunction {
  return async function* (...values) {
    const task = enterAsyncGenerator(siteOf(this))
    try {
      return suspend(task, resume(task, yield* delegateAsync(task, Reflect.apply(fn, this, values)) as AsyncGenerator))
    } catch (error) {
      throw failAsync(task, error, values)
    } finally {
      exitAsync(task)
    }
  }
}

/** Name, length and whatever frameworks have put on the function, `reflect-metadata`'s included. */
function copyProperties(from: AnyFunction, to: AnyFunction): void {
  for (const key of Reflect.ownKeys(from)) {
    if (key === 'prototype' || key === 'arguments' || key === 'caller') continue
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
