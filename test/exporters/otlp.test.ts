import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync, zstdDecompressSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { spansOf } from '../../model/index.ts'
import { type ContentType, decodeRequest, encodeAnswer, JSON_TYPE, PROTOBUF, treesOf } from '../../otlp/index.ts'
import { otlpExporter } from '../../runtime/exporters/otlp.ts'
import type { OtlpOptions } from '../../runtime/exporters/otlp-settings.ts'
import { collector } from '../../runtime/shared.ts'
import { SimulatedClock } from '../support/simulated-clock.ts'
import { error, said, span, tree } from '../support/trees.ts'

interface Received {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: Uint8Array
}

let server: Server
let received: Received[]
/** What is answered next; 200 when there is nothing here. */
let answers: { readonly status: number; readonly headers?: Record<string, string>; readonly body?: Uint8Array }[]

beforeEach(async () => {
  received = []
  answers = []
  server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request
      .on('data', chunk => chunks.push(chunk))
      .on('end', () => {
        received.push({
          path: request.url ?? '',
          headers: request.headers,
          body: unpacked(request.headers, Buffer.concat(chunks)),
        })
        const { status, headers, body } = answers.shift() ?? { status: 200 }
        response.writeHead(status, { 'content-type': request.headers['content-type'], ...headers }).end(body)
      })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
})

afterEach(async () => {
  server.closeAllConnections()
  await new Promise(resolve => server.close(resolve))
})

function unpacked(headers: IncomingHttpHeaders, body: Buffer): Uint8Array {
  if (headers['content-encoding'] === 'gzip') return gunzipSync(body)
  return headers['content-encoding'] === 'zstd' ? zstdDecompressSync(body) : body
}

function endpoint(): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function exporter(options: OtlpOptions = {}): ReturnType<typeof otlpExporter> {
  return otlpExporter({ endpoint: endpoint(), resource: { 'service.name': 'shop' }, ...options })
}

function treesReceived(): ReturnType<typeof treesOf> {
  const of = <S extends 'traces' | 'logs'>(signal: S): ReturnType<typeof decodeRequest<S>> =>
    received
      .filter(({ path }) => path === `/v1/${signal}`)
      .flatMap(({ headers, body }) => decodeRequest(headers['content-type'] as ContentType, signal, body))
  return treesOf(of('traces'), of('logs'))
}

function checkout(): ReturnType<typeof tree> {
  const pay = span('pay', { at: 2, exitError: error('CardError', 'declined'), level: 'error' })
  const root = span('checkout', { ms: 10 }, said('info', 'cart is read', 1))
  return tree({ ...root, children: [{ ...pay, parentId: root.id }] })
}

describe('what is sent', () => {
  test.each([
    ['http/protobuf', PROTOBUF],
    ['http/json', JSON_TYPE],
  ] as const)('spans and log records, as %s', async (protocol, type) => {
    const sent = [checkout(), checkout()]
    const otlp = exporter({ protocol, headers: { Authorization: 'Bearer 1' } })
    for (const each of sent) otlp.export(each)
    await otlp.flush(5_000)
    expect(received.map(({ path }) => path).sort()).toEqual(['/v1/logs', '/v1/traces'])
    for (const { headers } of received) {
      expect(headers).toMatchObject({ 'content-type': type, authorization: 'Bearer 1' })
    }
    const { trees } = treesReceived()
    expect(trees.map(({ traceId }) => traceId)).toEqual(sent.map(({ traceId }) => traceId))
    expect(trees[0]!.root).toMatchObject({ name: 'checkout', messages: [{ text: 'cart is read' }] })
    expect(trees[0]!.root.children[0]!.exitError).toMatchObject({ type: 'CardError', message: 'declined' })
    expect(otlp.health()).toMatchObject({ taken: 4, delivered: 4, dropped: {}, queued: 0 })
  })

  test('a resource made of the process’s tags and what was given', async () => {
    const otlp = exporter({ resource: { 'service.name': 'shop', region: 'eu' } })
    otlp.export(checkout())
    await otlp.flush(5_000)
    const { headers, body } = received.find(({ path }) => path === '/v1/traces')!
    const [group] = decodeRequest(headers['content-type'] as ContentType, 'traces', body)
    expect(group!.resource).toMatchObject({
      'service.name': 'shop',
      region: 'eu',
      'telemetry.sdk.name': 'span-tree',
      'telemetry.sdk.language': 'nodejs',
      'process.pid': process.pid,
      'host.name': expect.any(String),
    })
  })

  test.each(['gzip', 'zstd', 'none'] as const)(
    'compressed by %s where there is something to compress',
    async compression => {
      const otlp = exporter({ compression })
      for (let i = 0; i < 50; i++) otlp.export(checkout())
      await otlp.flush(5_000)
      const { headers } = received.find(({ path }) => path === '/v1/traces')!
      expect(headers['content-encoding']).toBe(compression === 'none' ? undefined : compression)
      expect(treesReceived().trees).toHaveLength(50)
    },
  )

  test('records as events: no logs', async () => {
    const otlp = exporter({ recordsAs: 'events' })
    otlp.export(checkout())
    await otlp.flush(5_000)
    expect(received.map(({ path }) => path)).toEqual(['/v1/traces'])
    expect(treesReceived().trees[0]!.root.messages).toMatchObject([{ text: 'cart is read', level: 'info' }])
  })

  test('over one connection, one request after the other', async () => {
    const sockets = new Set<number | undefined>()
    server.on('connection', socket => sockets.add(socket.remotePort))
    const otlp = exporter({ recordsAs: 'events' })
    for (let i = 0; i < 3; i++) {
      otlp.export(checkout())
      await otlp.flush(5_000)
    }
    expect([received.length, sockets.size]).toEqual([3, 1])
  })

  test('a span that still ran comes once, when it has ended; at the end of all, as it is', async () => {
    const running = span('poll', { ms: null })
    const first = tree(span('main', {}, running))
    const otlp = exporter()
    otlp.export(first)
    await otlp.flush(5_000)
    expect(names()).toEqual(['main'])
    otlp.export({
      traceId: first.traceId,
      root: { ...running, parentId: first.root.id, endTime: running.startTime + 5n, status: 'succeeded' },
      late: true,
    })
    otlp.export(tree(span('for ever', { ms: null })))
    await otlp.flush(5_000)
    expect(names().sort()).toEqual(['main', 'poll'])
    await otlp.shutdown(5_000)
    expect(names().sort()).toEqual(['for ever', 'main', 'poll'])
    expect(treesReceived().trees.find(({ root }) => root.name === 'for ever')!.root).toMatchObject({
      status: 'started',
    })
  })
})

describe('what does not arrive', () => {
  test('is counted where it is refused, in part or in whole', async () => {
    const otlp = exporter({ recordsAs: 'events', protocol: 'http/json' })
    answers = [{ status: 200, body: encodeAnswer(JSON_TYPE, 'traces', { rejected: 1, message: 'too old' }) }]
    otlp.export(checkout())
    await otlp.flush(5_000)
    expect(otlp.health()).toMatchObject({ taken: 2, delivered: 1, dropped: { refused: 1 }, lastError: 'too old' })
    answers = [{ status: 400 }]
    otlp.export(checkout())
    await otlp.flush(5_000)
    expect(otlp.health()).toMatchObject({ taken: 4, delivered: 1, dropped: { refused: 3 } })
    expect(otlp.dropped).toBe(3)
  })

  test('comes later where the other side asks for time, or cuts the connection', async () => {
    const otlp = exporter({ recordsAs: 'events' })
    answers = [{ status: 503 }]
    let cut = 0
    server.prependListener('request', request => {
      if (cut++ === 1) request.socket.destroy()
    })
    otlp.export(checkout())
    await otlp.flush(5_000)
    await otlp.flush(5_000)
    expect(otlp.health()).toMatchObject({ taken: 2, delivered: 2, dropped: {} })
  })

  test('is dropped, oldest first, where there is no room, and when it is given up', async () => {
    const clock = new SimulatedClock()
    const post = async (): Promise<never> => {
      throw new Error('ECONNREFUSED')
    }
    const batch = { maxCount: 2 }
    const otlp = exporter({
      recordsAs: 'events',
      post,
      clock,
      batch,
      maxQueueBytes: 2_500,
      compression: 'none',
      giveUpAfter: 60_000,
    })
    for (let i = 0; i < 20; i++) otlp.export(checkout())
    const { queued, dropped } = otlp.health()
    expect(dropped['no room']).toBeGreaterThan(20)
    expect(queued + otlp.dropped).toBe(40)
    await clock.until(otlp.flush(3_600_000))
    expect(otlp.health()).toMatchObject({ taken: 40, delivered: 0, queued: 0, lastError: 'ECONNREFUSED' })
    expect(otlp.dropped).toBe(40)
  })
})

test('what the exporter sends is not traced itself', async () => {
  const otlp = exporter()
  const made = collector.counts.tracesExported
  otlp.export(checkout())
  await otlp.flush(5_000)
  collector.drain()
  expect(collector.counts.tracesExported - made).toBe(0)
  for (const { headers } of received) expect(headers['traceparent'] ?? '-00').toMatch(/-00$/)
})

describe('the environment’s variables', () => {
  const variables = (env: Record<string, string>, act: () => Promise<void>): Promise<void> => {
    Object.assign(process.env, env)
    return act().finally(() => {
      for (const name of Object.keys(env)) delete process.env[name]
    })
  }

  test('say where to, how, and as whom', async () => {
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: `${endpoint()}/base/`,
      OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: `${endpoint()}/my-logs`,
      OTEL_EXPORTER_OTLP_HEADERS: 'api-key=a%20b,X-Other=c',
      OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/json',
      OTEL_EXPORTER_OTLP_COMPRESSION: 'none',
      OTEL_RESOURCE_ATTRIBUTES: 'service.version=7,team=blue',
      OTEL_SERVICE_NAME: 'billing',
    }
    await variables(env, async () => {
      const otlp = otlpExporter()
      otlp.export(checkout())
      await otlp.flush(5_000)
    })
    const traces = received.find(({ path }) => path === '/base/v1/traces')!
    expect(traces.headers).toMatchObject({ 'api-key': 'a b', 'x-other': 'c', 'content-type': JSON_TYPE })
    expect(received.find(({ path }) => path === '/my-logs')!.headers['content-type']).toBe(PROTOBUF)
    const [group] = decodeRequest(JSON_TYPE, 'traces', traces.body)
    expect(group!.resource).toMatchObject({ 'service.name': 'billing', 'service.version': '7', team: 'blue' })
  })
})

function names(): string[] {
  return treesReceived().trees.flatMap(({ root }) => Array.from(spansOf(root), ({ span }) => span.name))
}
