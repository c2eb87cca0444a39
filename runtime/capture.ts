import { types } from 'node:util'
import type { Attributes, AttributeValue } from '../model/index.ts'
import {
  byteLength,
  className,
  hrefOf,
  inherits,
  ownText,
  regExpText,
  sizeOfMap,
  sizeOfSet,
  unboxed,
} from './intrinsics.ts'
import { isSecret, REDACTED, redactedUrl, withoutSecrets } from './secrets.ts'

/** How much of a value is kept. */
const MAX_DEPTH = 5
const MAX_ENTRIES = 50
const MAX_STRING = 2_000
/** Values visited for one capture, however deep and broad, and 64 characters count as one: bounds time and size. */
const MAX_NODES = 1_000
const CHARACTERS_A_NODE = 64
/** Larger numbers take long to be written in decimal. */
const MAX_BIGINT = 2n ** 1024n

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
  if (values === undefined || values === null) return {}
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
  if (budget.nodes <= 0) return '[…]'
  budget.nodes--
  switch (typeof value) {
    case 'string':
      return charged(withoutSecrets(bounded(value)), budget)
    case 'number':
      return keptNumber(value)
    case 'boolean':
      return value
    case 'bigint':
      return value < MAX_BIGINT && value > -MAX_BIGINT ? `${value}n` : '[huge bigint]'
    case 'undefined':
      return '[undefined]'
    case 'symbol':
      return charged(bounded(String(value)), budget)
    case 'function':
      return '[function]'
    default:
      return value === null ? null : captureObject(value as object, depth, budget)
  }
}

function keptNumber(value: number): AttributeValue {
  if (!Number.isFinite(value)) return String(value)
  return value > 1e12 && withoutSecrets(String(value)) === REDACTED ? REDACTED : value
}

function captureObject(value: object, depth: number, budget: Budget): AttributeValue {
  if (types.isProxy(value)) return '[proxy]'
  if (budget.seen.has(value)) return '[circular]'
  budget.seen.add(value)
  try {
    return captureKnown(value, depth, budget) ?? captureEntries(value, depth, budget)
  } catch {
    return '[unreadable]'
  } finally {
    budget.seen.delete(value)
  }
}

/** Objects that have a short form. */
function captureKnown(value: object, depth: number, budget: Budget): AttributeValue | undefined {
  if (types.isBoxedPrimitive(value)) return capture(unboxed(value), depth, budget)
  const text = shortForm(value)
  return text === undefined ? undefined : charged(bounded(text), budget)
}

function shortForm(value: object): string | undefined {
  if (types.isDate(value)) {
    const time = Date.prototype.getTime.call(value)
    return Number.isNaN(time) ? 'Invalid Date' : new Date(time).toISOString()
  }
  if (types.isRegExp(value)) return regExpText(value)
  if (types.isNativeError(value) || inherits(value, Error.prototype)) {
    return `${ownText(value, 'name') ?? className(value)}: ${ownText(value, 'message') ?? ''}`
  }
  if (types.isPromise(value)) return '[promise]'
  if (types.isWeakMap(value) || types.isWeakSet(value)) return '[weak]'
  if (types.isAnyArrayBuffer(value)) return `[${byteLength(value)} bytes]`
  if (ArrayBuffer.isView(value)) return `[${className(value)} of ${byteLength(value)} bytes]`
  if (inherits(value, URL.prototype)) return redactedUrl(hrefOf(value))
  return undefined
}

function captureEntries(value: object, depth: number, budget: Budget): AttributeValue {
  if (depth >= MAX_DEPTH) return Array.isArray(value) ? `[array of ${value.length}]` : `[${className(value)}]`
  if (Array.isArray(value)) return captureArray(value, depth, budget)
  if (types.isSet(value)) return captureSet(value, depth, budget)
  if (types.isMap(value)) return captureMap(value, depth, budget)
  return captureProperties(value, depth, budget)
}

function captureArray(array: readonly unknown[], depth: number, budget: Budget): AttributeValue {
  const list: AttributeValue[] = []
  let before: unknown
  for (; list.length < Math.min(array.length, MAX_ENTRIES) && budget.nodes > 0; ) {
    const own = Object.getOwnPropertyDescriptor(array, list.length)
    // Headers come as lists of names and values, flat or in pairs.
    const secret = typeof before === 'string' && typeof own?.value === 'string' && isSecret(before)
    list.push(secret ? REDACTED : own?.get ? '[getter]' : capture(own?.value, depth + 1, budget))
    before = secret ? undefined : own?.value
  }
  return withRest(list, array.length)
}

function captureSet(set: Set<unknown>, depth: number, budget: Budget): AttributeValue {
  const list: AttributeValue[] = []
  for (const value of Set.prototype.values.call(set)) {
    if (list.length >= MAX_ENTRIES || budget.nodes <= 0) break
    list.push(capture(value, depth + 1, budget))
  }
  return withRest(list, sizeOfSet(set))
}

function withRest(list: AttributeValue[], size: number): AttributeValue {
  const rest = size - list.length
  if (rest > 0) list.push(`… ${rest} more`)
  return list
}

function captureMap(map: Map<unknown, unknown>, depth: number, budget: Budget): AttributeValue {
  const entries: Record<string, AttributeValue> = {}
  let count = 0
  for (const [key, value] of Map.prototype.entries.call(map)) {
    if (count >= MAX_ENTRIES || budget.nodes <= 0) break
    count++
    const name = typeof key === 'string' ? key : nameOfKey(capture(key, MAX_DEPTH, budget))
    define(entries, charged(bounded(name), budget), isSecret(name) ? REDACTED : capture(value, depth + 1, budget))
  }
  if (sizeOfMap(map) > count) define(entries, '…', `${sizeOfMap(map) - count} more`)
  return entries
}

function nameOfKey(key: AttributeValue): string {
  return typeof key === 'string' ? key : JSON.stringify(key)
}

function captureProperties(value: object, depth: number, budget: Budget): AttributeValue {
  const entries: Record<string, AttributeValue> = {}
  const names = Object.keys(value)
  let count = 0
  for (const name of names) {
    if (count >= MAX_ENTRIES || budget.nodes <= 0) break
    count++
    const own = Object.getOwnPropertyDescriptor(value, name)
    if (own === undefined || (own.get === undefined && own.value === undefined)) continue
    const kept = isSecret(name) ? REDACTED : own.get ? '[getter]' : capture(own.value, depth + 1, budget)
    define(entries, charged(bounded(name), budget), kept)
  }
  if (names.length > count) define(entries, '…', `${names.length - count} more`)
  return entries
}

/** Sets a property that may be called `__proto__`. */
export function define(target: Record<string, AttributeValue>, name: string, value: AttributeValue): void {
  if (name === '__proto__')
    Object.defineProperty(target, name, { value, enumerable: true, writable: true, configurable: true })
  else target[name] = value
}

function charged(text: string, budget: Budget): string {
  budget.nodes -= Math.floor(text.length / CHARACTERS_A_NODE)
  return text
}

/** At most `limit` characters, and how many there are more. */
export function bounded(text: string, limit: number = MAX_STRING): string {
  if (text.length <= limit) return text
  // A copy: what V8 makes of `slice` keeps the whole string.
  const start = Buffer.from(text.slice(0, limit), 'utf16le').toString('utf16le')
  return `${start}… ${text.length - limit} more`
}
