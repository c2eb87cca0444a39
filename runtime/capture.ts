import { types } from 'node:util'
import type { Attributes, AttributeValue } from '../model/index.ts'

/** How much of a value is kept. */
const MAX_DEPTH = 5
const MAX_ENTRIES = 50
const MAX_STRING = 2_000
/** Values visited for one attribute, however deep and broad: bounds the time as well as the size. */
const MAX_NODES = 1_000

/** Keys whose values are never kept, in any spelling: `apiKey`, `api_key`, `API-KEY`. */
const SECRET =
  /^(?:.*(?:password|passwd|passphrase|secret|token|authorization|cookie|credential|apikey|privatekey|accesskey|sessionid|cardnumber|creditcard).*|pwd|pass|auth|jwt|pin|cvv|cvc|ssn|otp|iban|bearer)$/

export const REDACTED = '[redacted]'

/** Whether a value of this name must not be kept. */
export function isSecret(name: string): boolean {
  return SECRET.test(name.replace(/[-_\s.]/g, '').toLowerCase())
}

interface Budget {
  nodes: number
  readonly seen: Set<object>
}

/**
 * A value as JSON that can be kept: bounded, redacted, without cycles, and made without running the value's own code (getters
 * are named, not called; `toJSON` is not asked). Never throws.
 */
export function captureValue(value: unknown): AttributeValue {
  return capture(value, 0, { nodes: MAX_NODES, seen: new Set() })
}

/** The values of an object by name, each captured; anything else than an object becomes `{ value }`. */
export function captureAttributes(values: unknown): Attributes {
  if (values === null || typeof values !== 'object' || Array.isArray(values)) return { value: captureValue(values) }
  const captured = captureValue(values)
  return typeof captured === 'object' && captured !== null && !Array.isArray(captured)
    ? (captured as Attributes)
    : { value: captured }
}

/** Values by the names of the parameters that held them. */
export function captureArguments(names: readonly string[], values: readonly unknown[]): Attributes {
  const captured: Record<string, AttributeValue> = {}
  names.forEach((name, i) => {
    define(captured, name, isSecret(name) ? REDACTED : captureValue(values[i]))
  })
  return captured
}

function capture(value: unknown, depth: number, budget: Budget): AttributeValue {
  switch (typeof value) {
    case 'string':
      return bounded(value)
    case 'number':
      return Number.isFinite(value) ? value : String(value)
    case 'boolean':
      return value
    case 'bigint':
      return `${value}n`
    case 'undefined':
      return '[undefined]'
    case 'symbol':
      return String(value)
    case 'function':
      return '[function]'
    default:
      return value === null ? null : captureObject(value as object, depth, budget)
  }
}

function captureObject(value: object, depth: number, budget: Budget): AttributeValue {
  if (types.isProxy(value)) return '[proxy]'
  if (budget.seen.has(value)) return '[circular]'
  if (--budget.nodes < 0) return '[…]'
  budget.seen.add(value)
  try {
    return captureKnown(value) ?? captureEntries(value, depth, budget)
  } catch {
    return '[unreadable]'
  } finally {
    budget.seen.delete(value)
  }
}

/** Objects that have a short form, read by their intrinsic methods, which run no code of the program. */
function captureKnown(value: object): AttributeValue | undefined {
  if (types.isDate(value)) {
    const time = Date.prototype.getTime.call(value)
    return Number.isNaN(time) ? 'Invalid Date' : new Date(time).toISOString()
  }
  if (types.isRegExp(value)) return RegExp.prototype.toString.call(value)
  if (types.isNativeError(value))
    return `${ownText(value, 'name') ?? className(value)}: ${ownText(value, 'message') ?? ''}`
  if (types.isPromise(value)) return '[promise]'
  if (types.isWeakMap(value) || types.isWeakSet(value)) return '[weak]'
  if (types.isBoxedPrimitive(value)) return capture(value.valueOf(), 0, { nodes: 1, seen: new Set() })
  if (types.isAnyArrayBuffer(value)) return `[${value.byteLength} bytes]`
  if (ArrayBuffer.isView(value)) return `[${className(value)} of ${value.byteLength} bytes]`
  if (value instanceof URL) return bounded(String(value))
  return undefined
}

function captureEntries(value: object, depth: number, budget: Budget): AttributeValue {
  if (depth >= MAX_DEPTH) return Array.isArray(value) ? `[array of ${value.length}]` : `[${className(value)}]`
  if (Array.isArray(value)) return captureList(value, value.length, depth, budget)
  if (types.isSet(value)) return captureList(Set.prototype.values.call(value), value.size, depth, budget)
  if (types.isMap(value)) return captureMap(value, depth, budget)
  return captureProperties(value, depth, budget)
}

function captureList(values: Iterable<unknown>, size: number, depth: number, budget: Budget): AttributeValue {
  const list: AttributeValue[] = []
  const source = Array.isArray(values) ? values : [...values]
  for (let i = 0; i < source.length && list.length < MAX_ENTRIES && budget.nodes > 0; i++) {
    const own = Object.getOwnPropertyDescriptor(source, i)
    list.push(own?.get ? '[getter]' : capture(own?.value, depth + 1, budget))
  }
  if (size > list.length) list.push(`… ${size - list.length} more`)
  return list
}

function captureMap(map: Map<unknown, unknown>, depth: number, budget: Budget): AttributeValue {
  const entries: Record<string, AttributeValue> = {}
  let count = 0
  for (const [key, value] of Map.prototype.entries.call(map)) {
    if (count++ >= MAX_ENTRIES || budget.nodes <= 0) break
    const name = typeof key === 'string' ? key : String(capture(key, MAX_DEPTH, budget))
    define(entries, bounded(name), isSecret(name) ? REDACTED : capture(value, depth + 1, budget))
  }
  if (map.size > MAX_ENTRIES) entries['…'] = `${map.size - MAX_ENTRIES} more`
  return entries
}

function captureProperties(value: object, depth: number, budget: Budget): AttributeValue {
  const entries: Record<string, AttributeValue> = {}
  const names = Object.keys(value)
  for (const name of names.slice(0, MAX_ENTRIES)) {
    if (budget.nodes <= 0) break
    const own = Object.getOwnPropertyDescriptor(value, name)
    if (own === undefined || (own.get === undefined && own.value === undefined)) continue
    define(
      entries,
      bounded(name),
      isSecret(name) ? REDACTED : own.get ? '[getter]' : capture(own.value, depth + 1, budget),
    )
  }
  if (names.length > MAX_ENTRIES) entries['…'] = `${names.length - MAX_ENTRIES} more`
  return entries
}

/** Sets a property that may be called `__proto__`. */
function define(target: Record<string, AttributeValue>, name: string, value: AttributeValue): void {
  if (name === '__proto__')
    Object.defineProperty(target, name, { value, enumerable: true, writable: true, configurable: true })
  else target[name] = value
}

function bounded(text: string): string {
  return text.length <= MAX_STRING ? text : `${text.slice(0, MAX_STRING)}… ${text.length - MAX_STRING} more`
}

/** A string-valued data property of the object or its prototypes, without running a getter. */
export function ownText(value: object, name: string): string | undefined {
  for (let at: object | null = value; at !== null; at = Object.getPrototypeOf(at)) {
    const own = Object.getOwnPropertyDescriptor(at, name)
    if (own) return typeof own.value === 'string' ? own.value : undefined
  }
  return undefined
}

/** The name of the object's class, without running a getter. */
export function className(value: object): string {
  const prototype = Object.getPrototypeOf(value) as object | null
  if (prototype === null) return 'Object'
  for (let at: object | null = prototype; at !== null; at = Object.getPrototypeOf(at)) {
    const maker = Object.getOwnPropertyDescriptor(at, 'constructor')?.value
    if (typeof maker === 'function') return functionName(maker) || 'Object'
  }
  return 'Object'
}

function functionName(value: object): string | undefined {
  const name = Object.getOwnPropertyDescriptor(value, 'name')?.value
  return typeof name === 'string' ? name : undefined
}
