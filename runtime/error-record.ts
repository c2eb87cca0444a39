import { types } from 'node:util'
import type { Attributes, AttributeValue, ErrorRecord, ErrorReference } from '../model/index.ts'
import { captureAttributes, captureValue, className, ownText } from './capture.ts'
import { idOfSerial } from './span-id.ts'

const MAX_CAUSES = 10
const MAX_ERRORS = 20
/** What the record says elsewhere. */
const KNOWN = new Set(['name', 'message', 'stack', 'cause', 'errors'])

/** An error, or whatever else was thrown, as data. Never throws. */
export function errorRecord(thrown: unknown, parameters?: Attributes): ErrorRecord {
  const record = recordOf(thrown, 0)
  return parameters === undefined ? record : { ...record, arguments: parameters }
}

/** `origin`: the number of the span that holds the record. */
export function errorReference(thrown: unknown, origin: number): ErrorReference {
  return { kind: 'reference', spanId: idOfSerial(origin), type: errorType(thrown), message: errorMessage(thrown) }
}

/** Whether `error` is `earlier`, or names it as a cause, however far down, or gathers it (`AggregateError`). */
export function leadsTo(error: unknown, earlier: unknown, depth = 0): boolean {
  if (Object.is(error, earlier)) return true
  if (depth > MAX_CAUSES || !isObject(error)) return false
  if (leadsTo(read(error, 'cause'), earlier, depth + 1)) return true
  const errors = read(error, 'errors')
  return Array.isArray(errors) && errors.slice(0, MAX_ERRORS).some(each => leadsTo(each, earlier, depth + 1))
}

function recordOf(thrown: unknown, depth: number): ErrorRecord {
  const record: { -readonly [K in keyof ErrorRecord]: ErrorRecord[K] } = {
    kind: 'error',
    type: errorType(thrown),
    message: errorMessage(thrown),
    attributes: furtherProperties(thrown),
  }
  if (!isObject(thrown)) return record
  const stack = read(thrown, 'stack')
  if (typeof stack === 'string') record.stack = stack
  const cause = read(thrown, 'cause')
  if (cause !== undefined && depth < MAX_CAUSES) record.cause = recordOf(cause, depth + 1)
  const errors = read(thrown, 'errors')
  if (Array.isArray(errors) && depth < MAX_CAUSES) {
    record.errors = errors.slice(0, MAX_ERRORS).map(each => recordOf(each, depth + 1))
  }
  return record
}

function errorType(thrown: unknown): string {
  if (thrown === null) return 'null'
  if (!isObject(thrown)) return typeof thrown
  if (types.isProxy(thrown)) return 'Proxy'
  const name = isError(thrown) ? ownText(thrown, 'name') : undefined
  // A subclass that did not set `name` still says `Error` there; its class says more.
  return name === undefined || name === 'Error' ? className(thrown) : name
}

function errorMessage(thrown: unknown): string {
  if (isObject(thrown) && isError(thrown)) {
    const message = read(thrown, 'message')
    return typeof message === 'string' ? message : ''
  }
  const captured: AttributeValue = captureValue(thrown)
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
  return types.isNativeError(value) || (!types.isProxy(value) && value instanceof Error)
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
