import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decodeAnswer, encodeRequest, type Group, JSON_TYPE, PROTOBUF, type WireSpan } from '../../otlp/index.ts'
import type { TraceLookup } from '../../store/index.ts'
import { toolchain } from '../support/toolchain.ts'
import { Running } from './running.ts'

const execute = promisify(execFile)
type Found = TraceLookup & { kind: 'found' }

let receiver: Running
let folder = ''
beforeAll(async () => {
  receiver = await Running.start()
  folder = toolchain('opentelemetry-otlp', {
    dependencies: {
      '@opentelemetry/api': '1.10.0',
      '@opentelemetry/exporter-logs-otlp-http': '0.301.0',
      '@opentelemetry/exporter-logs-otlp-proto': '0.301.0',
      '@opentelemetry/exporter-trace-otlp-http': '0.301.0',
      '@opentelemetry/exporter-trace-otlp-proto': '0.301.1',
      '@opentelemetry/resources': '3.1.1',
      '@opentelemetry/sdk-logs': '3.1.1',
      '@opentelemetry/sdk-trace': '3.1.1',
    },
  })
}, 180_000)
afterAll(() => receiver.close())

const program = new URL('programs/opentelemetry.mjs', import.meta.url).pathname

test.each(['proto', 'http'])('an OpenTelemetry program publishes by exporters of `otlp-%s`', async encoding => {
  const { stdout, stderr } = await execute(process.execPath, [program, folder, encoding], {
    env: { PATH: process.env['PATH'], OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
  })
  expect(stderr).toBe('')
  const { body } = await receiver.get<Found>(`/api/traces/${stdout.trim()}`)
  expect(body.summary).toMatchObject({ name: 'POST /orders', tags: { app: `shop-${encoding}`, version: '2.1' } })
  expect(body.trees).toHaveLength(1)
  const { root } = body.trees[0]!
  expect(root).toMatchObject({
    name: 'POST /orders',
    kind: 'server',
    status: 'succeeded',
    attributes: { 'http.route': '/orders' },
  })
  expect(root.children).toMatchObject([
    {
      name: 'INSERT orders',
      kind: 'client',
      status: 'failed',
      exitError: { kind: 'error', type: 'TypeError', message: 'no table' },
      messages: [{ level: 'warning', text: 'the table is locked', attributes: { attempt: 1 } }],
      children: [],
    },
  ])
  const groups = await receiver.get<{ message: string }[]>('/api/errors')
  expect(groups.body.map(({ message }) => message)).toContain('no table')
})

const span = (traceId: string, spanId: string, more: Partial<WireSpan> = {}): WireSpan => ({
  traceId,
  spanId,
  name: 'GET /',
  kind: 2,
  startTime: 1_795_359_600_000_000_000n,
  endTime: 1_795_359_601_000_000_000n,
  attributes: {},
  events: [],
  links: [],
  status: { code: 0 },
  ...more,
})
const request = (type: typeof PROTOBUF | typeof JSON_TYPE, ...records: WireSpan[]): Uint8Array => {
  const group: Group<WireSpan> = { resource: { 'service.name': 'shop' }, scope: { name: '' }, records }
  return encodeRequest(type, 'traces', [group])
}
const NAMED = '5b8aa5a2d2c872e8321cf37308d69df2'

describe.each([PROTOBUF, JSON_TYPE] as const)('%s', type => {
  const send = async (body: Uint8Array, headers: object = {}) => {
    const all = { 'content-type': type, ...headers }
    const response = await fetch(`${receiver.url}/v1/traces`, {
      method: 'POST',
      body: body as NonNullable<RequestInit['body']>,
      headers: all,
    })
    return { status: response.status, type: response.headers.get('content-type'), body: await response.bytes() }
  }

  test('is answered as it is written: nothing to say when all was taken', async () => {
    const answer = await send(request(type, span(NAMED, '051581bf3cb55c13')))
    expect([answer.status, answer.type]).toEqual([200, type])
    expect(decodeAnswer(type, 'traces', answer.body)).toEqual({ rejected: 0, message: '' })
  })

  test('what is not taken is counted', async () => {
    const answer = await send(request(type, span(NAMED, '051581bf3cb55c13'), span('0'.repeat(32), '051581bf3cb55c13')))
    expect(decodeAnswer(type, 'traces', answer.body)).toEqual({ rejected: 1, message: 'ids that are none' })
  })

  test('what is none of it is refused by a status', async () => {
    const answer = await send(Buffer.from('{"resourceSpans":'))
    expect([answer.status, answer.type]).toEqual([400, type])
    const text = Buffer.from(answer.body).toString()
    if (type === JSON_TYPE) expect(JSON.parse(text)).toEqual({ code: 3, message: expect.any(String) })
    // Field 1, a number: 3. Field 2, a text.
    else expect([...answer.body.subarray(0, 3)]).toEqual([0x08, 3, 0x12])
  })
})

test('parts of a trace that come one by one, the root last and in a later second, are one trace', async () => {
  const traceId = 'aaaabbbbccccddddeeeeffff00001111'
  const parts = [
    span(traceId, '0000000000000003', {
      parentSpanId: '0000000000000002',
      name: 'leaf',
      startTime: 1_795_359_605_000_000_000n,
    }),
    span(traceId, '0000000000000002', {
      parentSpanId: '0000000000000001',
      name: 'middle',
      startTime: 1_795_359_603_000_000_000n,
    }),
    span(traceId, '0000000000000001', { name: 'root' }),
  ]
  for (const part of [...parts, ...parts]) {
    await receiver.post('/v1/traces', request(PROTOBUF, part), { headers: { 'content-type': PROTOBUF } })
  }
  const { body } = await receiver.get<Found>(`/api/traces/${traceId}`)
  expect([body.summary.name, body.summary.spans]).toEqual(['root', 3])
  expect(body.trees[0]?.root).toMatchObject({
    name: 'root',
    children: [{ name: 'middle', children: [{ name: 'leaf' }] }],
  })
})
