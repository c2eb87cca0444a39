import { fork } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { nodeBinary } from '../support/node-versions.ts'
import { databasePackages, opentelemetryPackages } from '../support/opentelemetry.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

interface SentSpan {
  readonly id: string
  readonly parentId?: string
  readonly name: string
  readonly kind: string
  readonly attributes: Readonly<Record<string, unknown>>
  readonly children: SentSpan[]
}

interface Said {
  readonly answers: readonly object[]
  readonly trees: readonly { readonly traceId: string; readonly root: SentSpan }[]
}

/** Instrumentations that are used together, and where the programs are: beside the packages, so that they find them. */
interface Set {
  readonly name: string
  readonly packages: () => string
  programs: string
}

const services: Set = { name: 'services', packages: opentelemetryPackages, programs: '' }
const databases: Set = { name: 'databases', packages: databasePackages, programs: '' }

beforeAll(() => {
  for (const set of [services, databases]) {
    set.programs = mkdtempSync(join(set.packages(), 'programs-'))
    cpSync(fileURLToPath(new URL('programs', import.meta.url)), set.programs, { recursive: true })
  }
}, 120_000)

afterAll(() => {
  for (const { programs } of [services, databases]) rmSync(programs, { recursive: true, force: true })
})

// A request goes from a function of the program through node:http to express, there through a function again to the file system and
// through undici to fastify; ten of them at a time.
const JOURNEY = `
buy
  GET [client, instrumentation-http]
    GET /orders/:id [server, instrumentation-http]
      request handler [internal, instrumentation-express]
        loadOrder
          fs readFile [internal, instrumentation-fs]
          GET [client, instrumentation-undici]
            GET /stock/:id [server, instrumentation-http]
              request [internal, otel]
                handler - fastify -> @fastify/otel [internal, otel]
                  countStock`.trim()

test.concurrent.each([
  ['imported', 24, 'imported.mjs', { HOOKED: '1' }],
  ['required', 24, 'required.cjs', {}],
  ['imported', 22, 'imported.mjs', { HOOKED: '1' }],
  ['imported', 26, 'imported.mjs', { HOOKED: '1' }],
])(
  'spans of OpenTelemetry’s instrumentations of %s packages are below the functions that called them, on Node %i',
  async (_, major, file, env) => {
    const { answers, trees } = await run(services, major, file, env)
    expect(answers).toEqual(Array.from({ length: 10 }, () => ({ isCurrent: true })))
    const roots = joined(trees)
    expect(roots.map(({ name }) => name).sort()).toEqual(Array.from({ length: 10 }, (_, i) => `buy ${i}`))
    for (const root of roots) {
      expect(render(root)).toBe(JOURNEY)
      expect(find(root, 'loadOrder')?.attributes).toMatchObject({ order: root.name.slice(4) })
    }
  },
)

// Two queries, one with a promise and one with a callback, out of a pool of two connections that all orders share.
const ORDER = `
buy
  graphql.parse [internal, instrumentation-graphql]
  graphql.validate [internal, instrumentation-graphql]
  query Shop [internal, instrumentation-graphql]
    graphql.resolve order [internal, instrumentation-graphql]
      loadOrder
        pg-pool.connect [client, instrumentation-pg]
        pg.query:SELECT d [client, instrumentation-pg]
      graphql.resolve order.id [internal, instrumentation-graphql]
      graphql.resolve order.price [internal, instrumentation-graphql]
        price
          pg-pool.connect [client, instrumentation-pg]
          pg.query:SELECT d [client, instrumentation-pg]
          seen
      graphql.resolve order.stock [internal, instrumentation-graphql]
        stock
          get [client, instrumentation-ioredis]`.trim()

const CONNECTS = /\n +pg\.connect .*/g

test.concurrent.each([
  ['imported', 'shop-imported.mjs', { HOOKED: '1' }],
  ['required', 'shop-required.cjs', {}],
])('databases and GraphQL, %s: below what asked them, though there are too few connections', async (_, file, env) => {
  const said = await run(databases, 24, file, env)
  expect(said.answers).toEqual(
    Array.from({ length: 6 }, (_, id) => ({ id: `${id}`, price: `${id}`, stock: `${id} true` })),
  )
  const [schema, ...orders] = joined(said.trees)
  expect(schema?.name).toBe('graphql.parseSchema')
  expect(orders.map(({ name }) => name).sort()).toEqual(Array.from({ length: 6 }, (_, id) => `buy ${id}`))
  const trees = orders.map(order => render(order))
  for (const tree of trees) expect(tree.replaceAll(CONNECTS, '')).toBe(ORDER)
  // By whoever came first.
  expect(trees.join('\n').match(CONNECTS)).toHaveLength(2)
})

async function run(set: Set, major: number, file: string, env: Readonly<Record<string, string>>): Promise<Said> {
  const { name: INSTRUMENTATIONS, programs } = set
  const child = fork(join(programs, file), {
    execPath: nodeBinary(major),
    execArgv: ['--no-warnings', '--import', join(programs, 'setup.mjs')],
    env: { ...process.env, ...env, SPAN_TREE_ROOT: ROOT, PACKAGES: dirname(programs), INSTRUMENTATIONS, SPAN_TREE: '' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  return await new Promise((resolve, reject) => {
    child.once('message', resolve as (message: unknown) => void)
    child.once('exit', code => reject(new Error(`ended with ${code} and said nothing`)))
  })
}

/** What came in by a header is a tree of its own, below a span of another one. */
function joined(trees: Said['trees']): SentSpan[] {
  const all = new Map<string, SentSpan>()
  const add = (traceId: string, span: SentSpan): void => {
    all.set(`${traceId} ${span.id}`, span)
    for (const child of span.children) add(traceId, child)
  }
  for (const { traceId, root } of trees) add(traceId, root)
  return trees.flatMap(({ traceId, root }) => {
    const parent = all.get(`${traceId} ${root.parentId}`)
    parent?.children.push(root)
    return parent === undefined ? [root] : []
  })
}

function render({ name, kind, attributes, children }: SentSpan, indent = ''): string {
  const scope = attributes['otel.scope.name']
  const by = typeof scope === 'string' ? ` [${kind}, ${scope.split('/')[1]}]` : ''
  // What `require` reads when a package loads another one late.
  const below = children.filter(child => !child.name.endsWith('Sync'))
  return [
    `${indent}${name.replace(/^buy \d+$/, 'buy')}${by}`,
    ...below.map(child => render(child, `${indent}  `)),
  ].join('\n')
}

function find(span: SentSpan, name: string): SentSpan | undefined {
  if (span.name === name) return span
  return span.children.map(child => find(child, name)).find(Boolean)
}
