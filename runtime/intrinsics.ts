import { types } from 'node:util'

/**
 * Reading the program's objects without running its code: no getter of theirs, no trap of a proxy, no method that they
 * override. Only the language's own accessors, taken when this module loads, are called on them.
 */

function getter<T>(prototype: object, name: string): (value: object) => T {
  const get = Object.getOwnPropertyDescriptor(prototype, name)?.get as () => unknown
  return value => Reflect.apply(get, value, []) as T
}

const TypedArray = Object.getPrototypeOf(Uint8Array.prototype) as object

export const sizeOfMap: (value: object) => number = getter(Map.prototype, 'size')
export const sizeOfSet: (value: object) => number = getter(Set.prototype, 'size')
export const hrefOf: (value: object) => string = getter(URL.prototype, 'href')
const bytesOfBuffer = getter<number>(ArrayBuffer.prototype, 'byteLength')
const bytesOfShared = getter<number>(SharedArrayBuffer.prototype, 'byteLength')
const bytesOfTyped = getter<number>(TypedArray, 'byteLength')
const bytesOfView = getter<number>(DataView.prototype, 'byteLength')
const sourceOf = getter<string>(RegExp.prototype, 'source')

const FLAGS = Object.entries({
  d: 'hasIndices',
  g: 'global',
  i: 'ignoreCase',
  m: 'multiline',
  s: 'dotAll',
  u: 'unicode',
  v: 'unicodeSets',
  y: 'sticky',
}).map(([letter, name]) => [letter, getter<boolean>(RegExp.prototype, name)] as const)

/** `/source/flags`. */
export function regExpText(value: RegExp): string {
  const flags = FLAGS.filter(([, isSet]) => isSet(value)).map(([letter]) => letter)
  return `/${sourceOf(value)}/${flags.join('')}`
}

/** Of an array buffer, a shared one, or a view of either. */
export function byteLength(value: object): number {
  if (types.isTypedArray(value)) return bytesOfTyped(value)
  if (types.isDataView(value)) return bytesOfView(value)
  return types.isSharedArrayBuffer(value) ? bytesOfShared(value) : bytesOfBuffer(value)
}

/** The primitive in a boxed one (`new String('x')`). */
export function unboxed(value: object): unknown {
  if (types.isStringObject(value)) return String.prototype.valueOf.call(value)
  if (types.isNumberObject(value)) return Number.prototype.valueOf.call(value)
  if (types.isBooleanObject(value)) return Boolean.prototype.valueOf.call(value)
  if (types.isSymbolObject(value)) return Symbol.prototype.valueOf.call(value)
  return BigInt.prototype.valueOf.call(value as unknown as bigint)
}

/** The object and its prototypes, up to a proxy, whose traps would run. */
export function* chainOf(value: object): Generator<object> {
  for (let at: object | null = value; at !== null && !types.isProxy(at); at = Object.getPrototypeOf(at)) yield at
}

/** Whether `prototype` is in the object's chain. */
export function inherits(value: object, prototype: object): boolean {
  for (const at of chainOf(value)) if (at === prototype) return true
  return false
}

/** A data property of the object or its prototypes; undefined where an accessor is in its place. */
export function dataProperty(value: object, name: string): unknown {
  for (const at of chainOf(value)) {
    const own = Object.getOwnPropertyDescriptor(at, name)
    if (own) return own.value
  }
  return undefined
}

/** A string-valued data property of the object or its prototypes. */
export function ownText(value: object, name: string): string | undefined {
  const text = dataProperty(value, name)
  return typeof text === 'string' ? text : undefined
}

/** The name of the object's class, `Object` where it has none. */
export function className(value: object): string {
  let first = true
  for (const at of chainOf(value)) {
    // An own `constructor` is data of the object.
    const maker = first ? undefined : Object.getOwnPropertyDescriptor(at, 'constructor')?.value
    first = false
    if (typeof maker === 'function' && !types.isProxy(maker)) {
      const name = Object.getOwnPropertyDescriptor(maker, 'name')?.value
      return typeof name === 'string' && name !== '' ? name : 'Object'
    }
  }
  return 'Object'
}
