import { AsyncResource } from 'node:async_hooks'
import type { Socket } from 'node:net'
import { collector, currentTask, storage } from '../shared.ts'
import type { Task } from '../task.ts'
import { call } from './http-client.ts'
import { isAskers } from './undici-queue.ts'

/** undici's own object for a request: of the built-in `fetch`, and of the package. */
export interface UndiciRequest {
  readonly origin?: string | URL | null
  readonly path: string
  readonly method: string
  /** Names and values in turn; one text in old versions. */
  readonly headers?: string | readonly unknown[]
  readonly upgrade?: unknown
  readonly body?: unknown
  addHeader?(name: string, value: string): unknown
}

type Method = (this: object, ...parameters: unknown[]) => unknown

/** The task that each request was made in. */
const tasks = new WeakMap<object, Task | undefined>()
const linked = new WeakSet<object>()

/** A request of `fetch` or undici. A redirect, or another attempt, is a request of its own. */
export function send(request: UndiciRequest): void {
  const isOurs = isAskers(request)
  if (!collector.enabled) return
  const handler = handlerOf(request)
  const all = (): void => {
    tasks.set(request, currentTask())
    begin(request)
  }
  // What undici hands the response to is mostly an AsyncResource of whoever asked.
  if (handler instanceof AsyncResource) handler.runInAsyncScope(all)
  else if (isOurs) all()
  else storage.run(undefined, all)
  linkCallbacks(Object.getPrototypeOf(request) as object)
}

function handlerOf(request: object): unknown {
  const key = Object.getOwnPropertySymbols(request).find(symbol => symbol.description === 'handler')
  return key && (request as Record<symbol, unknown>)[key]
}

/**
 * What undici tells a request (`onHeaders`, `onData`, …) it tells in the context of the connection: of whoever's request opened it. What comes of that, in
 * handlers and streams of the program and in further attempts, belongs to the request's own.
 */
function linkCallbacks(prototype: object): void {
  if (linked.has(prototype)) return
  linked.add(prototype)
  for (const name of Object.getOwnPropertyNames(prototype).filter(each => /^on[A-Z]/.test(each))) {
    const original = (prototype as Record<string, Method>)[name] as Method
    const value: Method = function (...parameters) {
      const task = tasks.get(this)
      const isThere = task === currentTask() || !tasks.has(this)
      const all = (): unknown => Reflect.apply(original, this, parameters)
      return isThere ? all() : storage.run(task, all)
    }
    for (const key of ['name', 'length'] as const) Object.defineProperty(value, key, { value: original[key] })
    Object.defineProperty(prototype, name, { value, writable: true, configurable: true, enumerable: false })
  }
}

/** What feeds a socket at the moment, before undici hears that more can be written. */
const feeds = new WeakMap<Socket, () => void>()

/**
 * A body that is a stream or an iterator is read from here on, in the context of the connection. Nothing runs on this stack but what undici
 * does for this request: it comes from `dispatch`, which gives back the context, or from an event of the connection.
 */
export function upload({ request, socket }: { request: UndiciRequest; socket: Socket }): void {
  if (!tasks.has(request) || typeof request.body !== 'object' || request.body === null) return
  const task = tasks.get(request)
  const enter = (): void => {
    if (currentTask() !== task) storage.enterWith(task)
  }
  enter()
  const before = feeds.get(socket)
  if (before !== undefined) socket.off('drain', before)
  socket.prependListener('drain', enter)
  feeds.set(socket, enter)
}

function begin(request: UndiciRequest): void {
  const { origin, path, method, upgrade } = request
  const settable = typeof request.addHeader === 'function' && !hasTraceparent(request.headers)
  call(request, {
    method,
    origin: String(origin ?? '').replace(/\/$/, ''),
    path: path.startsWith('/') ? path : `/${path}`,
    upgrades: Boolean(upgrade) || method === 'CONNECT',
    setHeader: settable ? (name, value) => request.addHeader?.(name, value) : undefined,
  })
}

function hasTraceparent(headers: UndiciRequest['headers']): boolean {
  if (typeof headers === 'string') return /^traceparent:/im.test(headers)
  return headers?.some((each, i) => i % 2 === 0 && String(each).toLowerCase() === 'traceparent') ?? false
}
