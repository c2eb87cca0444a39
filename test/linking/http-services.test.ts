import { describe, expect, test } from 'vitest'
import { type Format, type KeptSpan, programs, Running } from './http-programs.ts'

/** To each of the frameworks. */
const REQUESTS = 60
const FRAMEWORKS = 5

const CASES: readonly (readonly [node: number, format: Format])[] = [
  [22, 'commonjs'],
  [24, 'module'],
  [24, 'commonjs'],
  [26, 'module'],
]
const folders = new Map<Format, string>((['module', 'commonjs'] as const).map(format => [format, programs(format)]))

interface Kept {
  readonly spans: readonly KeptSpan[]
}

interface Ran {
  readonly client: readonly KeptSpan[]
  readonly server: readonly KeptSpan[]
}

/** A process that serves by all frameworks, and one that asks them, by all clients, all at once. */
async function run(major: number, format: Format): Promise<Ran> {
  const folder = folders.get(format) as string
  const processes = ['server.js', 'client.js'].map(name => new Running(folder, name, major)) as [Running, Running]
  const [server, client] = processes
  try {
    const { ports } = await server.next<{ ports: object }>()
    await client.next()
    await client.ask({ ports, requests: REQUESTS })
    const [asked, served] = (await Promise.all([client, server].map(each => each.ask<Kept>({ end: true })))) as [
      Kept,
      Kept,
    ]
    return { client: asked.spans, server: served.spans }
  } finally {
    for (const each of processes) each.kill()
  }
}

/** What is wrong with the trace of one request: nothing is the aim. */
function mistakes(request: KeptSpan, { client, server }: Ran, byId: ReadonlyMap<string, KeptSpan>): string[] {
  const found: string[] = []
  const id = (request.attributes['url.path'] as string).split('/').at(-1)
  const call = byId.get(request.parentId ?? '')
  let asker = call
  while (asker !== undefined && asker.name !== 'ask') asker = byId.get(asker.parentId ?? '')
  if (!request.remote || request.traceId !== call?.traceId) found.push(`${id}: another trace than its client's`)
  if (call?.kind !== 'client') found.push(`${id}: below ${call?.name}, not below its call`)
  if (asker?.attributes['id'] !== id) found.push(`${id}: asked by ${asker?.attributes['id']}`)
  const below = server.filter(span => span.root === request.id)
  if (below.filter(({ name }) => name === 'load').length !== 2) found.push(`${id}: not two loads`)
  for (const span of below)
    if ((span.attributes['id'] ?? id) !== id) found.push(`${id}: ${span.name} of another request`)
  return client.length === 0 ? ['nothing was asked'] : found
}

describe.concurrent('requests by all clients to all frameworks', () => {
  test.each(CASES)('Node %i, %s: each below its own client, nothing below another request', async (major, format) => {
    const ran = await run(major, format)
    const byId = new Map([...ran.client, ...ran.server].map(span => [span.id, span]))
    const requests = ran.server.filter(({ kind }) => kind === 'server')
    expect(requests.length).toBe(REQUESTS * FRAMEWORKS)
    expect(requests.flatMap(each => mistakes(each, ran, byId))).toEqual([])
    const names = requests.map(({ name }) => name).filter(name => name.includes(':'))
    // Express and fastify say their routes; to each of both a third of the requests goes by GET.
    expect(names.length).toBe(REQUESTS * 2)
    expect([...new Set(names)].sort()).toEqual(['GET /orders/:id', 'POST /orders/:id'])
    expect(ran.server.filter(({ name, remote }) => (name === 'handle' || name === 'load') && !remote)).toEqual([])
  })
})
