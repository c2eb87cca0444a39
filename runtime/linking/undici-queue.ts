import { requireFromHere } from '../own-modules.ts'
import { collector, currentTask, storage } from '../shared.ts'
import { callFrames } from '../stack-frames.ts'
import type { Task } from '../task.ts'

type Dispatch = (this: object, options: object, handler: object) => unknown

/** A request that waits in the queue of a pool. */
interface Waiting {
  readonly pool: object
  readonly options: object
  /** Undefined outside any span, and where one handler waits for several. */
  readonly task: Task | undefined
}

/** Where undici keeps its agent for `fetch`, Node's own copy too. */
const GLOBAL_AGENTS = ['undici.globalDispatcher.1', 'undici.globalDispatcher.2'].map(name => Symbol.for(name))
const BASE_CLASS = /[\\/]undici[^\\/]*[\\/]lib[\\/]dispatcher[\\/]dispatcher-base\.js$/
/** Frames between undici's object for a request and whoever asked for it. */
const DEPTH = 40

/** By their handlers: the one object that a pool hands on as it is. */
const waiting = new WeakMap<object, Waiting>()
const linked = new WeakSet<object>()
const seen = new WeakSet<object>()
/** Calls of linked `dispatch`es on the stack. */
let depth = 0
/** Requests that left the queues, or were in none. */
let made = 0

/**
 * Whether the context in which undici makes its object for a request is that of whoever asked. A pool whose connections are all busy makes it later,
 * when another request has ended: to know whose it is, `dispatch` is followed. Of a copy of undici whose classes cannot be had (in a bundle)
 * the stack says whether it comes from a queue. `request`: undici's object, of which the class says which copy it is.
 */
export function isAskers(request: object): boolean {
  made++
  if (depth > 0) return true
  if (!seen.has(request.constructor)) {
    seen.add(request.constructor)
    linkDispatchers()
  }
  return isDirect()
}

/** From the agent to the client without a queue between them. */
function isDirect(): boolean {
  const names = functionsOnStack()
  return names.filter(isDispatch).length > 1 && !names.some(name => /drain/i.test(name))
}

function functionsOnStack(): string[] {
  return callFrames(DEPTH).map(({ functionName }) => functionName)
}

function isDispatch(name: string): boolean {
  return name === 'dispatch' || name.endsWith('.dispatch')
}

/**
 * A connection is about to be made, for all who will use it: it, and what it does by itself, is in no span. Nothing runs on this stack
 * afterwards but undici, or `follow` gives back the context; where neither is certain it stays that of whoever asked first.
 */
export function connecting(): void {
  if (currentTask() !== undefined && (depth > 0 || !functionsOnStack().some(isDispatch))) storage.enterWith(undefined)
}

/** Of the copies of undici that are loaded by now. No request can be in a queue before another one of its copy has been made. */
export function linkDispatchers(): void {
  for (const key of GLOBAL_AGENTS) linkDispatch((globalThis as { [key: symbol]: object | undefined })[key])
  for (const [path, module] of Object.entries(requireFromHere.cache))
    if (BASE_CLASS.test(path)) linkDispatch((module?.exports as { prototype?: object } | undefined)?.prototype)
}

/** Pools, clients and agents have it from one prototype. */
function linkDispatch(start: object | undefined): void {
  let owner = start
  while (owner && !Object.hasOwn(owner, 'dispatch')) owner = Object.getPrototypeOf(owner) as object | undefined
  const original = (owner as { dispatch?: Dispatch } | undefined)?.dispatch
  // An agent of the program's own may have one that is no method.
  if (owner === undefined || original === undefined || owner.constructor.prototype !== owner || linked.has(original))
    return
  const dispatch: Dispatch = function dispatch(options, handler) {
    const all = (): unknown => Reflect.apply(original, this, [options, handler])
    return collector.enabled && isObject(handler) ? follow(this, options, handler, all) : all()
  }
  Object.defineProperty(owner, 'dispatch', { value: dispatch, writable: true, configurable: true, enumerable: false })
  linked.add(dispatch)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function follow(dispatcher: object, options: object, handler: object, dispatch: () => unknown): unknown {
  const outer = currentTask()
  const before = waiting.get(handler)
  const goesOn = before !== undefined && before.pool !== dispatcher && before.options === options
  if (goesOn) waiting.delete(handler)
  const task = goesOn ? before.task : outer
  const known = made
  depth++
  try {
    return task === outer ? dispatch() : storage.run(task, dispatch)
  } finally {
    depth--
    // A connection was made (`connecting`), or other requests were sent by the way (`upload`).
    if (currentTask() !== outer) storage.enterWith(outer)
    if (made === known) wait(dispatcher, options, handler, task)
  }
}

function wait(pool: object, options: object, handler: object, task: Task | undefined): void {
  const other = waiting.get(handler)
  waiting.set(handler, { pool, options, task: other === undefined || other.task === task ? task : undefined })
}
