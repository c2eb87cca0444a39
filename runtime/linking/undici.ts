import { AsyncResource } from 'node:async_hooks'
import { call } from './http-client.ts'

/** undici's own object for a request: of the built-in `fetch`, and of the package. */
export interface UndiciRequest {
  readonly origin?: string | URL | null
  readonly path: string
  readonly method: string
  /** Names and values in turn; one text in old versions. */
  readonly headers?: string | readonly unknown[]
  readonly upgrade?: unknown
  addHeader?(name: string, value: string): unknown
}

/** A request of `fetch` or undici. A redirect, or another attempt, is a request of its own. */
export function send(request: UndiciRequest): void {
  inContextOf(request, () => begin(request))
}

/**
 * A pool whose connections are all busy makes this object later, in the context of the request before. What undici hands the response to is an
 * AsyncResource of whoever asked, except for `fetch`.
 */
function inContextOf(request: UndiciRequest, action: () => void): void {
  const key = Object.getOwnPropertySymbols(request).find(symbol => symbol.description === 'handler')
  const handler = key && (request as unknown as Record<symbol, unknown>)[key]
  if (handler instanceof AsyncResource) handler.runInAsyncScope(action)
  else action()
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
