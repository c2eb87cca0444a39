import { types } from 'node:util'
import type { Attributes, ErrorRecord, ErrorReference } from '../model/index.ts'
import { bounded, captureAttributes, captureValue } from './capture.ts'
import { className, inherits, ownText } from './intrinsics.ts'
import { idOfSerial } from './span-id.ts'

/** Errors of one record: causes, what an `AggregateError` gathers, and theirs. Also what `leadsTo` looks at. */
const MAX_RECORDS = 50
const MAX_ERRORS = 20
/** Characters. A reference, of which there is one in each span that an error crosses, keeps less. */
const MAX_MESSAGE = 8_000
const MAX_REFERENCE = 500
const MAX_STACK = 32_000
/** What the record says elsewhere. */
const KNOWN = new Set(['name', 'message', 'stack', 'cause', 'errors'])

/** An error, or whatever else was thrown, as data. Never throws. */
export function errorRecord(thrown: unknown, parameters?: Attributes): ErrorRecord {
  const record = recordOf(thrown, new Set())
  return parameters === undefined ? record : { ...record, arguments: parameters }
}

/** `origin`: the number of the span that holds the record. Never throws. */
export function errorReference(thrown: unknown, origin: number): ErrorReference {
  return referenceTo(idOfSerial(origin), errorType(thrown), errorMessage(thrown))
}

/** Stands for the error whose record is in the span `spanId`. */
export function referenceTo(spanId: string, type: string, message: string): ErrorReference {
  return { kind: 'reference', spanId, type, message: bounded(message, MAX_REFERENCE) }
}

/** Whether `error` is `earlier`, or names it as a cause, however far down, or gathers it (`AggregateError`). */
export function leadsTo(error: unknown, earlier: unknown): boolean {
  const seen = new Set<unknown>()
  const next = [error]
  while (next.length > 0 && seen.size < MAX_RECORDS) {
    const at = next.shift()
    if (Object.is(at, earlier)) return true
    if (!isObject(at) || seen.has(at)) continue
    seen.add(at)
    next.push(...gathered(at))
    const cause = read(at, 'cause')
    if (cause !== undefined) next.push(cause)
  }
  return false
}

/** `seen`: the errors that the record holds so far; one that comes again, as in a cycle, is left out. */
function recordOf(thrown: unknown, seen: Set<object>): ErrorRecord {
  const record: { -readonly [K in keyof ErrorRecord]: ErrorRecord[K] } = {
    kind: 'error',
    type: errorType(thrown),
    message: bounded(errorMessage(thrown), MAX_MESSAGE),
    attributes: furtherProperties(thrown),
  }
  if (!isObject(thrown)) return record
  seen.add(thrown)
  const stack = read(thrown, 'stack')
  if (typeof stack === 'string') record.stack = bounded(stack, MAX_STACK)
  const isNew = (error: unknown): boolean => seen.size < MAX_RECORDS && !(isObject(error) && seen.has(error))
  const cause = read(thrown, 'cause')
  if (cause !== undefined && isNew(cause)) record.cause = recordOf(cause, seen)
  const errors = gathered(thrown)
  if (errors.length > 0) record.errors = errors.flatMap(error => (isNew(error) ? [recordOf(error, seen)] : []))
  return record
}

/** `AggregateError#errors`, as many as are kept. */
function gathered(thrown: object): unknown[] {
  const errors = read(thrown, 'errors')
  if (types.isProxy(errors) || !Array.isArray(errors)) return []
  const length = Math.min(errors.length, MAX_ERRORS)
  return Array.from({ length }, (_, i) => Object.getOwnPropertyDescriptor(errors, i)?.value as unknown)
}

function errorType(thrown: unknown): string {
  if (thrown === null) return 'null'
  if (!isObject(thrown)) return typeof thrown
  if (types.isProxy(thrown)) return 'Proxy'
  const name = isError(thrown) ? (ownText(thrown, 'name') ?? read(thrown, 'name')) : undefined
  // A subclass that did not set `name` still says `Error` there; its class says more.
  return typeof name !== 'string' || name === '' || name === 'Error' ? className(thrown) : bounded(name)
}

function errorMessage(thrown: unknown): string {
  if (isObject(thrown) && isError(thrown)) {
    const message = read(thrown, 'message')
    return typeof message === 'string' ? message : ''
  }
  const captured = captureValue(thrown)
  return typeof captured === 'string' ? captured : JSON.stringify(captured)
}

function furtherProperties(thrown: unknown): Attributes {
  if (!isObject(thrown) || !isError(thrown)) return {}
  try {
    const entries = Object.entries(Object.getOwnPropertyDescriptors(thrown))
      .filter(([name, own]) => own.enumerable === true && !KNOWN.has(name))
      .map(([name, own]) => [name, own.get ? '[getter]' : own.value] as const)
    return captureAttributes(Object.fromEntries(entries))
  } catch {
    return {}
  }
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}

function isError(value: object): boolean {
  return types.isNativeError(value) || inherits(value, Error.prototype)
}

/** Reads a property that may have a getter which throws. */
function read(value: object, name: string): unknown {
  if (types.isProxy(value)) return undefined
  try {
    return (value as Record<string, unknown>)[name]
  } catch {
    return undefined
  }
}
