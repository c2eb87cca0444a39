import { gzipSync, zstdCompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TraceLookup } from '../../store/index.ts'
import { payload, Running, wireSpan } from './running.ts'

const TRACE = '3MTTjFEKX2rNbXV9yOaI4c7F0pU'
let receiver: Running
beforeAll(async () => {
  receiver = await Running.start({ maxBody: 200_000, maxUnpacked: 400_000 })
})
afterAll(() => receiver.close())

describe('what is published', () => {
  test('is kept, with all that was said of it, when it is acknowledged', async () => {
    const error = { kind: 'error', type: 'TypeError', message: 'no price', attributes: { code: 7 } }
    const root = wireSpan({ status: 'failed', exitError: error, attributes: { order: 12 } })
    const child = wireSpan({
      parentId: root['id'],
      name: 'price',
      site: { id: 'a.ts#price', name: 'price', functionKind: 'function', file: 'a.ts', line: 3, column: 5 },
      messages: [{ time: '1795359600000000001', level: 'warning', text: 'slow', logger: 'shop', attributes: {} }],
      calls: { count: 3, failed: 0, total: '9', min: '1', max: '5', p50: '3', p99: '5', queueMax: '4' },
    })
    const answer = await receiver.post('/v1/spans', payload(child, root))
    expect([answer.status, answer.body]).toEqual([200, { accepted: 2, refused: [] }])
    const { body } = await receiver.get<TraceLookup & { kind: 'found' }>(`/api/traces/${TRACE}`)
    const [tree] = body.trees
    expect(tree?.root).toMatchObject({ name: 'checkout', exitError: error, attributes: { order: 12 } })
    expect(tree?.root.children[0]).toMatchObject({
      name: 'price',
      site: { line: 3 },
      messages: [{ time: 1795359600000000001n, text: 'slow' }],
      calls: { count: 3, total: 9n, queueMax: 4n },
    })
    expect(body.summary).toMatchObject({ status: 'FAIL', tags: { app: 'shop' } })
  })

  test.each([
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
  ] as const)('may be packed by %s', async (encoding, pack) => {
    const body = pack(Buffer.from(JSON.stringify(payload(wireSpan()))))
    const answer = await receiver.post('/v1/spans', body, { headers: { 'content-encoding': encoding } })
    expect(answer.body).toEqual({ accepted: 1, refused: [] })
  })

  test('is refused span by span, each with where and why', async () => {
    const answer = await receiver.post(
      '/v1/spans',
      payload(
        wireSpan(),
        wireSpan({ startTime: 12 }),
        wireSpan({ id: 'NONE' }),
        wireSpan({ messages: [{ time: '1', level: 'loud', text: '', logger: '', attributes: {} }] }),
        ['no span'],
        wireSpan(),
      ),
    )
    expect(answer.body.accepted).toBe(2)
    expect(answer.body.refused.sort((a, b) => a.index - b.index)).toEqual([
      { index: 1, reason: 'startTime: Invalid type: Expected string but received 12' },
      { index: 2, reason: 'id is not 16 hex digits in lower case' },
      { index: 3, reason: expect.stringMatching(/^messages\[0\]\.level: /) },
      { index: 4, reason: expect.stringMatching(/^traceId: /) },
    ])
  })

  test('fields that nobody knows are ignored', async () => {
    const answer = await receiver.post('/v1/spans', { ...payload(wireSpan({ future: 1 })), colour: 'red' })
    expect(answer.body.accepted).toBe(1)
  })
})

describe('what cannot be read is refused as a whole', () => {
  type Refused = { error: { message: string; issues?: { path: string }[] } }
  const post = (body: unknown, headers = {}) => receiver.post<Refused>('/v1/spans', body, { headers })

  test.each([
    ['no JSON', '{', 400, /^the body is not JSON/],
    ['no object', '[]', 400, /^tags: /],
    ['no spans', { tags: {} }, 400, /^spans: /],
    ['a tag that is no text', { tags: { app: 1 }, spans: [] }, 400, /^tags\.app: /],
    ['no UTF-8', new Uint8Array([0x22, 0xff, 0x22]), 400, /^the body is not UTF-8$/],
    ['nothing', '', 400, /^the body is not JSON/],
  ])('%s', async (_, body, status, message) => {
    const answer = await post(body)
    expect([answer.status, answer.body.error.message]).toEqual([status, expect.stringMatching(message)])
  })

  test('a content type that is none of ours, and an encoding', async () => {
    expect((await post('{}', { 'content-type': 'text/plain' })).status).toBe(415)
    const answer = await post('{}', { 'content-encoding': 'br' })
    expect([answer.status, answer.headers.get('accept-encoding')]).toEqual([415, expect.stringContaining('zstd')])
  })

  test('what is not packed as it says', async () => {
    for (const encoding of ['gzip', 'zstd']) {
      const answer = await post('{}', { 'content-encoding': encoding })
      expect([answer.status, answer.body.error.message]).toEqual([
        400,
        expect.stringMatching(`^the body is not ${encoding}`),
      ])
    }
  })

  test('what is too large, packed or unpacked', async () => {
    const large = `${' '.repeat(300_000)}{}`
    expect((await post(large)).status).toBe(413)
    expect((await post(gzipSync(large), { 'content-encoding': 'gzip' })).status).toBe(400)
    for (const [encoding, pack] of [
      ['gzip', gzipSync],
      ['zstd', zstdCompressSync],
    ] as const) {
      const answer = await post(pack(Buffer.alloc(100_000_000)), { 'content-encoding': encoding })
      expect([answer.status, answer.body.error.message]).toEqual([413, expect.stringContaining('when it is unpacked')])
    }
  })

  test('what is too large, and does not say how large it is', async () => {
    const body = new ReadableStream({
      pull: controller => controller.enqueue(new Uint8Array(50_000)),
    })
    const init = { method: 'POST', body, duplex: 'half', headers: { 'content-type': 'application/json' } }
    const status = await fetch(`${receiver.url}/v1/spans`, init as RequestInit).then(
      response => response.status,
      // The connection may be cut while the rest is still being sent.
      () => 'cut',
    )
    expect([413, 'cut']).toContain(status)
    expect((await post(payload(wireSpan()))).status).toBe(200)
  })
})

test('when too much is waiting, others are told to come again', async () => {
  const narrow = await Running.start({ maxPending: 1_000 })
  try {
    const body = JSON.stringify(payload(...Array.from({ length: 200 }, () => wireSpan())))
    const answers = await Promise.all(Array.from({ length: 30 }, () => narrow.post('/v1/spans', body)))
    const statuses = new Set(answers.map(({ status }) => status))
    expect([...statuses].sort()).toEqual([200, 429])
    const refused = answers.find(({ status }) => status === 429)
    expect(refused?.headers.get('retry-after')).toBe('1')
    expect((await narrow.post('/v1/spans', body)).status).toBe(200)
  } finally {
    await narrow.close()
  }
})

test('a store that is there already is gone on with; what is no store is left as it is', async () => {
  const first = await Running.start()
  await first.post('/v1/spans', payload(wireSpan()))
  await first.close()
  const second = await Running.start({}, { file: first.file })
  expect((await second.get<unknown[]>('/api/traces')).body).toHaveLength(1)
  await second.close()
  await expect(Running.start({}, { file: import.meta.filename })).rejects.toMatchObject({ code: 'foreign' })
})
