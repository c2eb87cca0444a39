import { types } from 'node:util'
import type { Stacks } from './stacks.ts'

/**
 * A value as text: what it is, which one it is (by the order in which identities were first seen), and, for an error,
 * its frames. Runs no code of the program.
 */
export function show(value: unknown, identities: Map<unknown, number>, stacks: Stacks, depth = 2): string {
  if (typeof value === 'symbol') return value.toString()
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'string') return JSON.stringify(value)
  if (!isObject(value)) return Object.is(value, -0) ? '-0' : String(value)
  const id = `#${identities.get(value) ?? ''}`
  if (id !== '#') return id
  identities.set(value, identities.size + 1)
  return `${describe(value, identities, stacks, depth)}#${identities.size}`
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}

function describe(value: object, identities: Map<unknown, number>, stacks: Stacks, depth: number): string {
  if (typeof value === 'function') return describeFunction(value)
  if (types.isNativeError(value)) return describeError(value, stacks)
  if (types.isPromise(value)) return `promise ${prototypeName(value)}`
  const own = Object.getOwnPropertyDescriptors(value)
  const keys = depth > 0 ? Reflect.ownKeys(own).slice(0, 8) : []
  const entries = keys.map(key => {
    const { value: held, get } = (own as Record<PropertyKey, PropertyDescriptor>)[key] as PropertyDescriptor
    return `${String(key)}: ${get ? 'getter' : show(held, identities, stacks, depth - 1)}`
  })
  return `${prototypeName(value)} { ${entries.join(', ')} }`
}

/** Kind, name, length and own properties: all that a function shows but its text. */
function describeFunction(value: object): string {
  const { name, length } = Object.getOwnPropertyDescriptors(value) as Record<string, PropertyDescriptor>
  const kind = Object.prototype.toString.call(value).slice(8, -1)
  return `${kind} ${String(name?.value)}(${String(length?.value)}) [${Reflect.ownKeys(value).map(String).join(' ')}]`
}

function describeError(error: Error, stacks: Stacks): string {
  const message = String(Object.getOwnPropertyDescriptor(error, 'message')?.value)
  const frames = [...stacks.framesOf(error)]
  // V8 names the place of whatever it has made code of last in the block, which is not always the same: `stacks.test.ts` has where it is.
  if (/suppressed during disposal/.test(message)) frames[0] = 'somewhere'
  return `${prototypeName(error)} '${withoutSource(message)}' ${frames.join(' | ')}`
}

// Some of V8's messages quote the source around the place.
function withoutSource(message: string): string {
  return message
    .replace(/^.* is not a function or its return value is not ((async )?iterable)$/s, '… is not $1')
    .replace(/^.*(?= is not (a function|a constructor|iterable|async iterable)\b)/s, '…')
    .replace(/^(Cannot destructure .* of )'.*'/s, "$1'…'")
    .replace(/^(object|undefined|null|number \S+|function) is not iterable.*/s, '… is not iterable')
}

function prototypeName(value: object): string {
  const prototype = Object.getPrototypeOf(value) as { constructor?: { name?: unknown } } | null
  if (prototype === null) return 'null'
  const maker = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value as { name?: unknown } | undefined
  return maker ? String(Object.getOwnPropertyDescriptor(maker, 'name')?.value) : Object.prototype.toString.call(value)
}
