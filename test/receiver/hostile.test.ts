import { connect } from 'node:net'
import { deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeRequest, type Group, JSON_TYPE, PROTOBUF, type WireSpan } from '../../otlp/index.ts'
import { readSpan } from '../../receiver/span-reader.ts'
import { issueOfSpan } from '../../receiver/span-schema.ts'
import { payload, Running, wireSpan } from './running.ts'

let receiver: Running
beforeAll(async () => {
  receiver = await Running.start()
  await receiver.post('/v1/spans', payload(wireSpan()))
})
afterAll(async () => {
  // Whatever came, it still takes what it should.
  expect((await receiver.post('/v1/spans', payload(wireSpan()))).body.accepted).toBe(1)
  await receiver.close()
})

const PATHS = ['/v1/spans', '/v1/traces', '/v1/logs']
const deep = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)
const nested = (depth: number): object => JSON.parse(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`)

async function statusOf(path: string, body: unknown, headers: Record<string, string> = {}): Promise<number> {
  return (await receiver.post(path, body, { headers })).status
}

describe('bodies that mean harm', () => {
  test.each([
    ['nested without end', deep(300_000)],
    ['opened and never closed', '['.repeat(5_000_000)],
    ['objects that take much more than they are', `[${'{},'.repeat(1_500_000)}{}]`],
    ['names of the prototype', '{"__proto__":{"tags":{}},"constructor":{},"tags":{"__proto__":"x"},"spans":[]}'],
    ['a long number', `{"tags":{},"spans":[],"run":${'9'.repeat(100_000)}}`],
    ['halves of surrogates', '{"tags":{"\\ud800":"\\udfff"},"spans":[]}'],
  ])('%s', async (_, body) => {
    for (const path of PATHS) expect([200, 400, 413]).toContain(await statusOf(path, body))
  })

  test.each([
    ['attributes nested deep', { attributes: nested(1_000) }],
    ['causes of causes', { exitError: nestedError(1_000) }],
    ['texts with NUL and halves of surrogates', { name: 'a\0b\ud800', attributes: { '\0': '\udfff\0' } }],
    ['a name of a megabyte', { name: 'x'.repeat(1 << 20) }],
    ['times beyond 64 bits', { startTime: '9999999999999999999' }],
    ['an end before the start', { endTime: '1' }],
    ['its own parent', { id: '1000000000000001', parentId: '1000000000000001' }],
    ['the names of a prototype', { attributes: JSON.parse('{"__proto__":{"x":1},"toString":1}') }],
    ['a tricky site', { site: { id: '', name: '', functionKind: 'function', file: '\0', line: 0, column: 0 } }],
    ['ten thousand messages', { messages: Array.from({ length: 10_000 }, () => message) }],
  ])('a span with %s', async (_, fields) => {
    const { status, body } = await receiver.post('/v1/spans', payload(wireSpan(fields)))
    expect([status, body.accepted + body.refused.length]).toEqual([200, 1])
    expect((await receiver.get('/api/traces?limit=10')).status).toBe(200)
    expect((await receiver.get('/api/traces/3MTTjFEKX2rNbXV9yOaI4c7F0pU')).status).toBe(200)
  })

  test.each([
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
    ['gzip', deflateSync],
  ] as const)('bombs packed by %s', async (encoding, pack) => {
    const bomb = pack(Buffer.alloc(65 << 20))
    expect([400, 413]).toContain(await statusOf('/v1/spans', bomb, { 'content-encoding': encoding }))
    expect([400, 413]).toContain(await statusOf('/v1/spans', bomb.subarray(0, 999), { 'content-encoding': encoding }))
  })

  test('very many spans without anything in them', async () => {
    // A resource with a scope with spans of no bytes.
    const spans = Buffer.from('1200'.repeat(200_000), 'hex')
    const scope = Buffer.concat([Buffer.from([0x12]), varint(spans.length), spans])
    const body = Buffer.concat([Buffer.from([0x0a]), varint(scope.length), scope])
    expect([200, 400, 413]).toContain(await statusOf('/v1/traces', body, { 'content-type': PROTOBUF }))
  })
})

const message = { time: '1', level: 'info', text: 'again', logger: '', attributes: {} }

function nestedError(depth: number): object {
  let error: object = { kind: 'error', type: 'Error', message: '', attributes: {} }
  for (let i = 0; i < depth; i++) error = { kind: 'error', type: 'Error', message: '', attributes: {}, cause: error }
  return error
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  for (; value >= 0x80; value = Math.floor(value / 0x80)) bytes.push((value % 0x80) + 0x80)
  return Buffer.from([...bytes, value])
}

const FIELDS = Object.keys(
  wireSpan({
    parentId: '',
    site: 0,
    exitError: 0,
    floating: 0,
    dropped: 0,
    calls: 0,
    slow: 0,
    links: 0,
    references: 0,
    late: 0,
    remote: 0,
  }),
)
/** Values that are often right, often nearly so. */
const value: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom('1', '12345678901234567890', 'info', 'failed', -1, 1.5, 2 ** 53, [], {}, [{}], [null], null),
  fc.record({
    kind: fc.constantFrom('error', 'reference'),
    type: fc.string(),
    message: fc.string(),
    spanId: fc.string(),
  }),
  fc.array(fc.record({ id: fc.string(), role: fc.constantFrom('source', 'other'), time: fc.constantFrom('1', 1) }), {
    maxLength: 2,
  }),
  fc.record({ p50: fc.constant('1'), p99: fc.constantFrom('1', 1) }),
)
const changedSpan = fc
  .array(fc.tuple(fc.constantFrom(...FIELDS), value), { maxLength: 3 })
  .map(changes => wireSpan(Object.fromEntries(changes)))

describe('generated', () => {
  test('what reads spans, and what says what is wrong with them, judge alike', () => {
    fc.assert(
      fc.property(fc.oneof(changedSpan, fc.jsonValue()), json => {
        const judged = JSON.parse(JSON.stringify(json))
        expect([json, readSpan(judged) === undefined]).toEqual([json, issueOfSpan(judged) !== undefined])
      }),
      { numRuns: 1_500 },
    )
  })

  test('spans that are wrong somewhere are refused, or kept and told of', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(changedSpan, { maxLength: 20 }), async spans => {
        const { status, body } = await receiver.post('/v1/spans', payload(...(spans as object[])))
        expect([status, body.accepted + body.refused.length]).toEqual([200, spans.length])
      }),
      { numRuns: 60 },
    )
    expect((await receiver.get('/api/traces')).status).toBe(200)
  })

  test('JSON, bytes, and OTLP with changed bytes', async () => {
    const group: Group<WireSpan> = { resource: { 'service.name': 'shop' }, scope: { name: '' }, records: [otlpSpan] }
    const whole = encodeRequest(PROTOBUF, 'traces', [group])
    const changes = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
    const changed = changes.map(all => {
      const bytes = Uint8Array.from(whole)
      for (const [at, byte] of all) bytes[at] = byte
      return { type: PROTOBUF, bytes }
    })
    const any = fc.uint8Array({ maxLength: 200 }).map(bytes => ({ type: PROTOBUF, bytes }))
    const json = fc.json().map(text => ({ type: JSON_TYPE, bytes: new TextEncoder().encode(text) }))
    await fc.assert(
      fc.asyncProperty(fc.oneof(changed, any, json), fc.constantFrom(...PATHS), async ({ type, bytes }, path) => {
        expect([200, 400, 415]).toContain(await statusOf(path, bytes, { 'content-type': type }))
      }),
      { numRuns: 150 },
    )
  })

  test('questions', async () => {
    const paths = fc.constantFrom(
      'traces',
      'dashboard',
      'errors',
      'functions',
      'slow',
      'health',
      'regressions',
      'traces/',
      'errors/',
      'references/',
    )
    const names = fc.constantFrom('limit', 'since', 'until', 'text', 'tag', 'status', 'name', 'version', 'state', 'foo')
    const query = fc.array(
      fc.tuple(names, fc.oneof(fc.string(), fc.constantFrom('1', '9223372036854775807', '"', 'a=b', '*'))),
      { maxLength: 3 },
    )
    await fc.assert(
      fc.asyncProperty(paths, fc.string(), query, async (path, rest, fields) => {
        const whole = path.endsWith('/') ? path + encodeURIComponent(rest.replace(/^\.+$/, '')) : path
        const { status } = await receiver.get(`/api/${whole}?${new URLSearchParams(fields)}`)
        expect([200, 400, 404]).toContain(status)
      }),
      { numRuns: 150 },
    )
  })
})

test('whoever sends half a request, or none, holds nobody up', async () => {
  const { port } = new URL(receiver.url)
  const sockets = [
    '',
    'POST /v1/spans HTTP/1.1\r\n',
    'POST /v1/spans HTTP/1.1\r\nhost: localhost\r\ncontent-length: 99\r\n\r\n{',
    'nonsense\r\n\r\n',
  ].map(text => {
    const socket = connect(Number(port), '127.0.0.1').on('error', () => {})
    socket.write(text)
    return socket
  })
  expect((await receiver.post('/v1/spans', payload(wireSpan()))).status).toBe(200)
  for (const socket of sockets) socket.destroy()
})

const otlpSpan: WireSpan = {
  traceId: '5b8aa5a2d2c872e8321cf37308d69df2',
  spanId: '051581bf3cb55c13',
  name: 'GET /',
  kind: 2,
  startTime: 1_795_359_600_000_000_000n,
  endTime: 1_795_359_600_000_000_900n,
  attributes: { 'http.route': '/', n: 1, list: [1, 'a'], deep: { a: { b: true } } },
  events: [{ time: 1_795_359_600_000_000_100n, name: 'seen', attributes: {} }],
  links: [],
  status: { code: 0 },
}
