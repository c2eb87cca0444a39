import { types } from 'node:util'
import { type Method, type Then, unseen } from './unseen-call.ts'

const { defineProperty, getOwnPropertyDescriptor, getPrototypeOf } = Reflect

/**
 * An object for the engine to find a method in that `target` has, the first of `names` that is there: what `wrap` makes of it.
 * Each name is looked for once, in this order. What is no such object goes to the engine as it is, to be refused by it.
 */
export function standIn(target: unknown, names: readonly symbol[], wrap: (method: Method) => Method): unknown {
  if (target === undefined || target === null) return target
  const holder = {}
  if (isObject(target) && names.some(name => hasGetter(target, name))) {
    for (const name of names) stand(holder, name, target, value => (isMethod(value) ? wrap(value) : value))
    return holder
  }
  for (const name of names) {
    const method = (target as { [key: symbol]: unknown })[name]
    if (method === undefined || method === null) continue
    defineProperty(holder, name, { value: isMethod(method) ? wrap(method) : method })
    return holder
  }
  return isObject(target) ? holder : target
}

/**
 * Gives `holder` a property for the one of `target`: what `wrap` makes of its value. It is read when the engine asks for it.
 * If that runs a getter of the program's, nothing of ours is on the stack; a proxy's trap does see us, as nothing tells beforehand
 * what it will do.
 */
export function stand(holder: object, name: string | symbol, target: object, wrap: Then): void {
  const getter = getterOf(target, name)
  const get = getter ? unseen(getter, target, wrap) : () => wrap((target as { [key: symbol]: unknown })[name as symbol])
  defineProperty(holder, name, { get })
}

function hasGetter(object: object, name: symbol): boolean {
  return getterOf(object, name) !== undefined
}

/** The getter that reading `object[name]` runs, if that can be found out without running anything. */
function getterOf(object: object, name: string | symbol): Method | undefined {
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
