import { type Context, Hono } from 'hono'
import type { StoreStats } from '../store/trace-store.ts'
import { type ApiSurroundings, apiHandler } from './api/api-handler.ts'
import { openapi } from './api/openapi.ts'
import { ROUTES } from './api/routes.ts'
import { type IngestSurroundings, ingestHandler } from './ingest-handler.ts'
import { originsAllowed } from './origins.ts'
import { refusalBody } from './refusal.ts'
import { Rest } from './rest.ts'
import { refusalOf } from './trouble.ts'

export interface AppSurroundings extends Omit<IngestSurroundings, 'store'>, Omit<ApiSurroundings, 'store'> {
  readonly store: IngestSurroundings['store'] & ApiSurroundings['store']
  readonly version: string
  /** Of pages that may publish, beside those of this machine. */
  readonly origins: readonly string[]
}

const SIGNALS = ['spans', 'traces', 'logs'] as const

/** All that is answered over HTTP. */
export function receiverApp(surroundings: AppSurroundings): Hono {
  const { metrics, pending, store, version, origins } = surroundings
  const app = new Hono()
  const rest = new Rest()
  for (const each of originsAllowed(origins)) app.use(each)
  const add = (method: string, path: string, handle: (c: Context) => Promise<Response>): void => {
    app.on(method, routerPath(path), async c => {
      const response = await handle(c).catch((error: unknown) => failed(c, error))
      metrics.answered(path, response.status)
      rest.disturb()
      return response
    })
  }
  for (const signal of SIGNALS) add('POST', `/v1/${signal}`, ingestHandler(signal, surroundings))
  for (const each of ROUTES) add(each.method, each.path, apiHandler(each, surroundings))
  const statsOf = async (): Promise<StoreStats> => JSON.parse((await store.call(['stats'])).json)
  add('GET', '/healthz', async c => {
    await statsOf()
    return c.json({ status: 'ok' })
  })
  add('GET', '/metrics', async c => {
    const stats = await statsOf().catch(() => undefined)
    return c.text(metrics.text(pending.bytes, stats), 200, {
      'content-type': 'text/plain; version=0.0.4; charset=utf-8',
    })
  })
  const document = openapi(version)
  add('GET', '/openapi.json', async c => c.json(document))
  app.notFound(c => c.json({ error: { message: 'there is nothing here; /openapi.json says what there is' } }, 404))
  app.onError((error, c) => failed(c, error))
  return app
}

/** As hono has it; `{number}` is digits only. */
function routerPath(path: string): string {
  return path.replace('{number}', ':number{[0-9]{1,15}}').replace(/\{(\w+)\}(?![}\]])/g, ':$1')
}

function failed(c: Context, error: unknown): Response {
  const refusal = refusalOf(error)
  return c.json(refusalBody(refusal), refusal.status as 400, { ...refusal.headers })
}
