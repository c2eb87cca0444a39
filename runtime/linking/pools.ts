import { MessagePort } from 'node:worker_threads'
import { isWatched, UNKNOWN_NODE, watchPorts } from './message-ports.ts'
import { link } from './registry.ts'

/**
 * Pools are linked where work is enqueued. When a task is sent says nothing about who wants it done: pools send the next task from the
 * handler of the previous one's answer.
 */
type Method = (this: object, ...parameters: unknown[]) => unknown
type Prototype = Record<string, Method>
type Exports = Record<string, { prototype?: object } | undefined>
/**
 * How tasks are tagged. Not imported: a pool that the program has loaded first is linked while the runtime is still being loaded, which this module
 * thus cannot wait for.
 */
type Tags = Pick<typeof import('./task-tag.ts'), 'tagged' | 'withTag'>
type TagIn = (parameters: unknown[], tagged: Tags['tagged']) => unknown[]

interface PoolAdapter {
  /** The class in what the package exports, or in what one of its modules does. */
  pool(exports: Exports & { prototype?: object }): { prototype?: object } | undefined
  /** Methods that enqueue, by the place of the parameter in which the tag goes. */
  readonly methods: Readonly<Record<string, TagIn>>
}

const ADAPTERS: Readonly<Record<string, PoolAdapter>> = {
  piscina: { pool: ({ Piscina }) => Piscina, methods: { run: inOptions(1, 'transferList') } },
  tinypool: { pool: ({ Tinypool }) => Tinypool, methods: { run: inOptions(1, 'transferList') } },
  // Its own modules load one another, and this class only when a pool is made.
  workerpool: { pool: withProxy, methods: { exec: asList(1) } },
  poolifier: { pool: ({ FixedThreadPool }) => FixedThreadPool, methods: { execute: asList(3), mapExecute: asList(3) } },
}

/** The module is the class; another one of the package also has an `exec`. */
function withProxy(exports: { prototype?: object }): { prototype?: object } | undefined {
  return exports.prototype !== undefined && 'proxy' in exports.prototype ? exports : undefined
}

/** Links the pools of a package that has just been loaded, or is seen at work. `exports`: of the package, or of a module of it. */
export function linkPool(name: string, exports: unknown, { tagged, withTag }: Tags): void {
  const adapter = ADAPTERS[name]
  if (adapter === undefined || (typeof exports !== 'object' && typeof exports !== 'function') || exports === null)
    return
  const first = Object.keys(adapter.methods)[0] as string
  const prototype = ownerOf(adapter.pool(exports as Exports & { prototype?: object })?.prototype, first)
  if (prototype === undefined) return
  link(name, () => {
    if (!isWatched) throw new Error(UNKNOWN_NODE)
    watchPorts()
    linkPosting(withTag)
    for (const [method, tagIn] of Object.entries(adapter.methods))
      linkMethod(prototype, method, parameters => tagIn(parameters, tagged))
  })
}

/** The prototype in the chain that has the method itself. */
function ownerOf(start: object | undefined, method: string): Prototype | undefined {
  for (let at = start; at; at = Object.getPrototypeOf(at)) if (Object.hasOwn(at, method)) return at as Prototype
  return undefined
}

const linked = new WeakSet<object>()

function linkMethod(prototype: Prototype, name: string, tag: (parameters: unknown[]) => unknown[]): void {
  const original = prototype[name] as Method
  if (linked.has(original)) return
  const replacement: Method = function (...parameters) {
    return Reflect.apply(original, this, tag(parameters))
  }
  for (const key of ['name', 'length'] as const) Object.defineProperty(replacement, key, { value: original[key] })
  Object.defineProperty(prototype, name, { ...Object.getOwnPropertyDescriptor(prototype, name), value: replacement })
  linked.add(replacement)
}

/** The parameter is a list, or nothing. */
function asList(at: number): TagIn {
  return (parameters, tagged) => replaced(parameters, at, withList(parameters[at], tagged))
}

/** The parameter is an object of options, or nothing; the list is one of them. */
function inOptions(at: number, key: string): TagIn {
  return (parameters, tagged) => {
    const options = parameters[at]
    if (options !== undefined && (typeof options !== 'object' || options === null)) return parameters
    const given = options as Record<string, unknown> | undefined
    return replaced(parameters, at, { ...given, [key]: withList(given?.[key], tagged) })
  }
}

/** What is no list is the program's mistake, for the pool to say so. */
function withList(list: unknown, tagged: Tags['tagged']): unknown {
  return list === undefined || list === null || Array.isArray(list) ? tagged((list ?? []) as unknown[]) : list
}

function replaced(parameters: unknown[], at: number, value: unknown): unknown[] {
  const changed = [...parameters]
  while (changed.length < at) changed.push(undefined)
  changed[at] = value
  return changed
}

/** Every port sends through this, `Worker#postMessage` too; only messages of tagged tasks are changed. */
function linkPosting(withTag: Tags['withTag']): void {
  const prototype = MessagePort.prototype as unknown as Prototype
  const original = prototype['postMessage'] as Method
  if (linked.has(original)) return
  const replacement: Method = function postMessage(...parameters) {
    const [message, transfer] = parameters
    const sent = withTag(message, transfer)
    return Reflect.apply(original, this, sent === message ? parameters : [sent, ...parameters.slice(1)])
  }
  Object.defineProperty(prototype, 'postMessage', {
    ...Object.getOwnPropertyDescriptor(prototype, 'postMessage'),
    value: replacement,
  })
  linked.add(replacement)
}
