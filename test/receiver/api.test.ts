import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ROUTES } from '../../receiver/api/routes.ts'
import { ADMIN } from '../../receiver/index.ts'
import type { ErrorGroup } from '../../store/index.ts'
import { payload, Running, wireSpan } from './running.ts'

interface Schema {
  readonly $ref?: string
  readonly type?: string
  readonly const?: unknown
  readonly oneOf?: readonly Schema[]
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: Schema | false
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

interface Operation {
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }>
  >
}

let receiver: Running
let document: Document
let admin = { key: '' }
beforeAll(async () => {
  receiver = await Running.start()
  admin = await receiver.key(ADMIN)
  document = (await receiver.get<Document>('/openapi.json')).body
  const error = (message: string, type = 'TypeError') => ({ kind: 'error', type, message, attributes: {} })
  const site = { id: 'a.ts#f', name: 'f', functionKind: 'function', file: 'a.ts', line: 1, column: 1 }
  const slow = { slow: { p50: '1', p99: '2' }, references: [{ id: 'order-1', role: 'source' }], site }
  const spans = [
    wireSpan({ status: 'failed', exitError: error('no price') }),
    wireSpan({
      ...slow,
      traceId: '3MTTjFEKX2rNbXV9yOaI4c7F0pV',
      exitError: error('no stock', 'RangeError'),
      status: 'failed',
    }),
    wireSpan({ site, parentId: '1000000000000001', name: 'f' }),
  ]
  const body = { ...payload(...spans), tags: { app: 'shop', version: '2' }, run: 3, health: { spansMade: 2 } }
  expect((await receiver.post('/v1/spans', body, admin)).body.accepted).toBe(3)
})
afterAll(() => receiver.close())

const PLACES: Readonly<Record<string, string>> = {
  '/api/traces/{id}': '/api/traces/3MTTjFEKX2rNbXV9yOaI4c7F0pU',
  '/api/references/{id}': '/api/references/order-1',
  '/api/errors/{number}': '/api/errors/1',
  '/api/health': '/api/health?since=0&until=9223372036854775807',
  '/api/regressions': '/api/regressions?version=2',
  '/api/users/{name}': '/api/users/me',
}

test.each(ROUTES.filter(({ method }) => method === 'GET').map(({ path }) => path))(
  'GET %s answers as the document says',
  async path => {
    if (path === '/api/users/{name}') await receiver.post('/api/users/me/visits', {}, admin)
    const schema = document.paths[path]?.['get']?.responses['200']?.content?.['application/json']?.schema
    const answer = async (): Promise<unknown> => {
      const headers = { authorization: `Bearer ${admin.key}` }
      const response = await fetch(receiver.url + (PLACES[path] ?? path), { headers })
      expect(response.status).toBe(200)
      const given: unknown = await response.json()
      expect(misfits(schema as Schema, given)).toEqual([])
      return given
    }
    // Some of it is written behind.
    if (path === '/api/regressions') expect(await answer()).toEqual([])
    else await expect.poll(answer, { timeout: 20_000 }).not.toEqual([])
  },
)

test('traces are found by tags, status, name and text', async () => {
  const count = async (query: string) => (await receiver.get<unknown[]>(`/api/traces?${query}`, admin)).body.length
  expect(await count('tag=app=shop&tag=version=2&status=FAIL,CRASH&name=checkout')).toBe(2)
  expect(await count('text=stock')).toBe(1)
  expect(await count('tag=app=bank')).toBe(0)
  expect(await count('until=1')).toBe(0)
  expect(await count('limit=1')).toBe(1)
  expect(await count('speed=slow')).toBe(1)
})

describe('groups of errors', () => {
  test('are marked, and the mark is taken back', async () => {
    const mark = {
      marks: { severity: 'WARN' },
      note: 'known',
      handling: { kind: 'archived', until: { more: 5 } },
      by: 'me',
    }
    const marked = await receiver.post<ErrorGroup>('/api/errors/1/annotations', mark, admin)
    expect(marked.body).toMatchObject({ marks: { severity: 'WARN' }, note: 'known', state: 'archived' })
    expect((await receiver.get<ErrorGroup[]>('/api/errors?state=archived', admin)).body).toMatchObject([{ id: 1 }])
    expect((await receiver.delete('/api/errors/1/annotations/last', admin)).body).toMatchObject({
      marks: {},
      state: 'new',
    })
  })

  test('are put together and taken apart', async () => {
    expect((await receiver.post('/api/errors/2/merge', { into: 1 }, admin)).body).toMatchObject({ id: 1, merged: [2] })
    expect((await receiver.get<unknown[]>('/api/errors', admin)).body).toHaveLength(1)
    expect((await receiver.post('/api/errors/2/unmerge', {}, admin)).body).toMatchObject({ merged: [] })
    expect((await receiver.get<unknown[]>('/api/errors', admin)).body).toHaveLength(2)
  })

  test.each([
    [{ marks: { severity: 'BAD' } }, 'marks.severity'],
    [{ handling: { kind: 'archived', until: { more: -1 } } }, 'handling.until'],
    [{ colour: 'red' }, 'colour'],
  ])('what is not understood is refused, and where it is told: %j', async (body, path) => {
    const answer = await receiver.post<{ error: { issues: { path: string }[] } }>(
      '/api/errors/1/annotations',
      body,
      admin,
    )
    expect([answer.status, answer.body.error.issues[0]?.path]).toEqual([400, expect.stringContaining(path)])
  })
})

test('it says how it is, to Prometheus too', async () => {
  expect((await receiver.get('/healthz')).body).toEqual({ status: 'ok' })
  const { body } = await receiver.get<string>('/metrics')
  expect(body).toContain('span_tree_spans_total{result="accepted"} 3\n')
  expect(body).toContain('span_tree_store_traces 2\n')
  expect(body).toContain('span_tree_ingest_duration_seconds_count 1\n')
  for (const line of body.trim().split('\n')) expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{.*\})? [\d.e+-]+)$/)
})

test('what is not there is not there', async () => {
  expect((await receiver.get('/api/errors/99', admin)).status).toBe(404)
  expect((await receiver.get('/api/traces/zzz', admin)).body).toEqual({ kind: 'none' })
  expect((await receiver.get('/api/nothing', admin)).status).toBe(404)
  expect((await receiver.delete('/api/keys/nobody', admin)).status).toBe(404)
})

/** Where a value is not as its schema says. */
function misfits(schema: Schema, value: unknown, at = ''): string[] {
  if (schema.$ref !== undefined)
    return misfits(document.components.schemas[schema.$ref.split('/').at(-1) as string] as Schema, value, at)
  if (schema.oneOf !== undefined)
    return schema.oneOf.some(each => misfits(each, value, at).length === 0) ? [] : [`${at}: none of them`]
  if ('const' in schema) return schema.const === value ? [] : [`${at}: not ${schema.const}`]
  const type =
    value === null ? 'null' : Array.isArray(value) ? 'array' : Number.isInteger(value) ? 'integer' : typeof value
  if (schema.type !== undefined && schema.type !== type && !(schema.type === 'number' && type === 'integer'))
    return [`${at}: ${type}, not ${schema.type}`]
  if (Array.isArray(value)) return value.flatMap((each, i) => misfits(schema.items ?? {}, each, `${at}[${i}]`))
  if (type !== 'object') return []
  const fields = value as Record<string, unknown>
  const missing = (schema.required ?? []).filter(name => !(name in fields)).map(name => `${at}.${name}: missing`)
  const unknown =
    schema.properties && at !== '' ? Object.keys(fields).filter(name => !(name in (schema.properties ?? {}))) : []
  const wrong = Object.entries(fields).flatMap(([name, each]) =>
    misfits(schema.properties?.[name] ?? (schema.additionalProperties || {}), each, `${at}.${name}`),
  )
  return [
    ...missing,
    ...wrong,
    ...unknown.filter(name => !OPEN.has(name)).map(name => `${at}.${name}: not in the document`),
  ]
}

/** Of spans, what few have is not in the document. */
const OPEN = new Set(['slow', 'references', 'calls', 'links', 'floating', 'dropped', 'queueDuration'])
