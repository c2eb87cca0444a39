import type { Context } from 'hono'
import * as v from 'valibot'
import { ADMIN, type Doorkeeper, type Visitor } from '../access.ts'
import { checkHost } from '../origins.ts'
import { Refusal } from '../refusal.ts'
import { issuesOf } from '../span-schema.ts'
import type { Called } from '../thread-protocol.ts'
import type { Asked, Call, Route } from './routes.ts'

export interface ApiSurroundings {
  readonly store: { call(call: Call): Promise<Called> }
  readonly doorkeeper: Doorkeeper
}

/** Bytes of an annotation, and of whatever else is said to the API. */
const MAX_BODY = 1 << 16

/** Answers one route: who asks, what is asked, what the store says. Throws a `Refusal`, or a `StoreError`. */
export function apiHandler(route: Route, { store, doorkeeper }: ApiSurroundings) {
  const schema = v.strictObject(route.query)
  return async (c: Context): Promise<Response> => {
    const authorization = c.req.header('authorization')
    const { namespace: wanted, ...given } = c.req.queries()
    const visitor = await doorkeeper.admit(authorization, wanted?.[0])
    if (authorization === undefined) checkHost(c.req.header('host'))
    if (route.admin && !visitor.admin) throw new Refusal(403, "this takes an administrator's key")
    const asked: Asked = {
      namespace: visitor.namespace,
      at: parametersOf(c),
      query: checked(schema, shaped(given, route), 'the query'),
      body: route.body === undefined ? undefined : checked(route.body, await bodyOf(c), 'the body'),
    }
    const call = route.call(asked)
    if (call[0] === 'createKey' && call[1] === '') throw new Refusal(400, 'namespace: is empty')
    const { json, none } = await store.call(call)
    const body = call[0] === 'namespaces' ? ownNamespaces(json, visitor) : json
    return c.body(body, none ? (NONE[call[0]] ?? 404) : 200, {
      'content-type': 'application/json',
      'cache-control': 'no-store',
    })
  }
}

/** Methods that answer nothing. */
const NONE: Readonly<Partial<Record<Call[0], 200>>> = { revokeKey: 200, visit: 200 }

function parametersOf(c: Context): Record<string, string> {
  const parameters = c.req.param() as Record<string, string>
  for (const [name, value] of Object.entries(parameters)) {
    if (value.length > 1_000) throw new Refusal(400, `${name}: is too long`)
  }
  return parameters
}

/** One text for each field, a list for those that take one; several can be one text, with commas. */
function shaped(given: Readonly<Record<string, string[]>>, { query }: Route): Record<string, unknown> {
  const fields = Object.entries(given).map(([name, values]) => {
    const field = query[name] as { type: string; wrapped?: { type: string } } | undefined
    const isList = (field?.wrapped ?? field)?.type === 'array'
    if (!isList) return [name, values.length === 1 ? values[0] : values]
    return [name, name === 'tag' ? values : values.flatMap(value => value.split(','))]
  })
  return Object.fromEntries(fields)
}

function checked<S extends v.GenericSchema>(schema: S, given: unknown, what: string): v.InferOutput<S> {
  const result = v.safeParse(schema, given)
  if (result.success) return result.output
  const issues = issuesOf(result)
  const [first] = issues
  throw new Refusal(400, `${first?.path || what}: ${first?.message}`, { issues })
}

async function bodyOf(c: Context): Promise<unknown> {
  if (!/^application\/json\b/i.test(c.req.header('content-type') ?? ''))
    throw new Refusal(415, 'content-type has to be application/json')
  if (Number(c.req.header('content-length') ?? MAX_BODY) > MAX_BODY)
    throw new Refusal(413, `the body is larger than ${MAX_BODY} bytes, or does not tell its length`)
  try {
    return await c.req.json()
  } catch {
    throw new Refusal(400, 'the body is not JSON')
  }
}

function ownNamespaces(json: string, { admin, namespace }: Visitor): string {
  const all = JSON.parse(json) as { name: string }[]
  return JSON.stringify(all.filter(({ name }) => (admin ? name !== ADMIN : name === namespace)))
}
