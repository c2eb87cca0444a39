import { types } from 'node:util'
import { type Method, type Then, unseen } from './unseen-call.ts'

const { defineProperty, getOwnPropertyDescriptor, getPrototypeOf } = Reflect

/**
 * An object for the engine to find a method in that `target` has, the first of `names` that is there: what `wrap` makes of it.
 * Each name is looked for once, in this order. What is no such object goes to the engine as it is, to be refused by it.
 */
export function standIn(target: unknown, names: readonly symbol[], wrap: (method: Method) => Method): unknown {
  if (target === undefined || target === null) return target
  if (names.some(name => getterOf(target, name))) return lazily(target as object, names, wrap)
  for (const name of names) {
    const method = (target as { [key: symbol]: unknown })[name]
    if (method !== undefined && method !== null) return { [name]: isMethod(method) ? wrap(method) : method }
  }
  return isObject(target) ? {} : target
}

function lazily(target: object, names: readonly symbol[], wrap: (method: Method) => Method): object {
  const holder = {}
  for (const name of names) {
    const wrapped: Then = value => (isMethod(value) ? wrap(value) : value)
    const read = (): unknown => wrapped((target as { [key: symbol]: unknown })[name])
    defineProperty(holder, name, { get: unseenGetter(target, name, wrapped) ?? read })
  }
  return holder
}

/**
 * What reads a property that the program has a getter for, with nothing of ours on the stack meanwhile, and returns what `wrap`
 * makes of it; undefined where there is no getter. (A proxy's trap does see us: nothing tells beforehand what it will do.)
 */
export function unseenGetter(target: object, name: string | symbol, wrap: Then): (() => unknown) | undefined {
  const getter = getterOf(target, name)
  return getter && unseen(getter, target, wrap)
}

/** The getter that reading `object[name]` runs, if that can be found out without running anything. */
function getterOf(object: unknown, name: string | symbol): Method | undefined {
  // Of a generator the methods are the engine's.
  if (!isObject(object) || types.isGeneratorObject(object)) return undefined
  for (let holder: object | null = object; holder !== null && !types.isProxy(holder); holder = getPrototypeOf(holder)) {
    const property = getOwnPropertyDescriptor(holder, name)
    if (property) return property.get as Method | undefined
  }
  return undefined
}

export function isMethod(value: unknown): value is Method {
  return typeof value === 'function'
}

export function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}
