import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { ExporterHealth } from '../../runtime/exporters/exporter.ts'
import { HttpExporter, type HttpOptions, httpExporter } from '../../runtime/exporters/http.ts'
import type { Post } from '../../runtime/exporters/http-post.ts'
import { Random } from '../support/random.ts'
import { span, tree } from '../support/trees.ts'
import { type Behaviour, Receiver, type WireSpan } from './receiver.ts'
import { SimulatedClock } from './simulated-clock.ts'

const root = mkdtempSync(join(tmpdir(), 'span-tree-http-'))
vi.stubEnv('SPAN_TREE_STATE', join(root, 'state'))
afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(root, { recursive: true, force: true })
})

let receiver: Receiver
let url: string
const exporters: HttpExporter[] = []

beforeEach(async () => {
  receiver = new Receiver()
  url = await receiver.listen()
})
afterEach(async () => {
  await receiver.close()
  for (const exporter of exporters.splice(0)) await exporter.shutdown(0)
})

let folders = 0
const newFolder = (): string => join(root, `spool-${++folders}`)

function made(options: Partial<HttpOptions> = {}): HttpExporter {
  const exporter = httpExporter({ url, spool: { folder: newFolder() }, ...options })
  exporters.push(exporter)
  return exporter
}

/** A trace of two spans. */
function traceOf(name: string, more = ''): ReturnType<typeof tree> {
  return tree(span(name, {}, span(`${name} child`, more === '' ? {} : { attributes: { more } })))
}

async function until(done: () => boolean): Promise<void> {
  while (!done()) await new Promise(resolve => setImmediate(resolve))
}

/** Everything that was taken is somewhere. */
function expectAccounted({ taken, adopted, delivered, dropped, queued, spooled }: ExporterHealth): void {
  const lost = Object.values(dropped).reduce((sum, count) => sum + count, 0)
  expect(delivered + lost + queued + spooled).toBe(taken + adopted)
}

const filesBelow = (folder: string): string[] => readdirSync(folder, { recursive: true }).map(String)

describe('what a receiver gets', () => {
  test.each(['zstd', 'gzip', 'none'] as const)('is every span once, with tags and health (%s)', async compression => {
    const exporter = made({ compression, apiKey: 'secret', tags: { app: 'shop', region: 'eu' } })
    for (let i = 0; i < 20; i++) exporter.export(traceOf(`trace ${i}`, 'x'.repeat(100)))
    await exporter.flush(10_000)
    expect(receiver.names).toHaveLength(40)
    expect(receiver.copies).toBe(0)
    expect(receiver.requests[0]!.tags).toMatchObject({ app: 'shop', region: 'eu' })
    expect(receiver.requests[0]!.run).toBeGreaterThan(0)
    expect(receiver.requests[0]!.health).toHaveProperty('spansExported')
    expect(receiver.headers[0]).toMatchObject({ authorization: 'Bearer secret', 'content-type': 'application/json' })
    expect(receiver.headers[0]!['content-encoding']).toBe(compression === 'none' ? undefined : compression)
    expect(exporter.health()).toMatchObject({ taken: 40, delivered: 40, dropped: {}, queued: 0, spooled: 0 })
  })

  test('is a flat list: spans name their trace and their parent, times are texts', async () => {
    const exporter = made()
    const trace = traceOf('order')
    exporter.export(trace)
    await exporter.flush(10_000)
    const [parent, child] = receiver.requests[0]!.spans
    expect(parent).toMatchObject({
      traceId: trace.traceId,
      name: 'order',
      status: 'succeeded',
      startTime: String(trace.root.startTime),
    })
    expect(child).toMatchObject({ traceId: trace.traceId, name: 'order child' })
    expect(BigInt(parent!.rev)).toBeGreaterThan(2n ** 62n)
    expect(parent).not.toHaveProperty('children')
  })

  test('comes in batches of so many spans', async () => {
    const exporter = made({ batch: { maxCount: 10 } })
    for (let i = 0; i < 20; i++) exporter.export(traceOf(`trace ${i}`))
    await exporter.flush(10_000)
    expect(receiver.requests.map(({ spans }) => spans.length)).toEqual([10, 10, 10, 10])
  })
})

describe('what a receiver does not take is counted', () => {
  test.each<[string, Behaviour, number]>([
    ['single spans', { refuse: 'bad' }, 1],
    ['a wrong key', { status: 401 }, 4],
    ['a batch that it cannot read', { status: 400, body: '{}' }, 4],
    ['what answers is no receiver', { status: 200, body: '<html>' }, 4],
  ])('%s', async (_, behaviour, refused) => {
    receiver.behaviour = behaviour
    const exporter = made()
    exporter.export(traceOf('good'))
    exporter.export(tree(span('root', {}, span('bad'))))
    await exporter.flush(10_000)
    const health = exporter.health()
    expect(health).toMatchObject({ taken: 4, delivered: 4 - refused, dropped: { refused } })
    expectAccounted(health)
  })
})

describe('while the receiver is away', () => {
  test.each<[string, Behaviour, number]>([
    ['cuts the connection', 'cut', 0],
    ['cuts the connection after it has taken the batch', 'cut after taking', 1],
    ['does not answer', 'hang', 0],
    ['answers 429', { status: 429 }, 0],
    ['answers 503 and when to come again', { status: 503, headers: { 'retry-after': '1' } }, 0],
    ['answers 502', { status: 502 }, 0],
  ])('and %s, spans wait on disk and arrive once when it is back', async (_, behaviour, copies) => {
    receiver.behaviour = behaviour
    const folder = newFolder()
    const exporter = made({ timeout: 100, spool: { folder } })
    for (const name of ['a', 'b', 'c']) {
      exporter.export(traceOf(name))
      await exporter.flush(300)
    }
    await until(() => exporter.health().spooled === 6)
    const away = exporter.health()
    expect(away).toMatchObject({ delivered: 0, queued: 0, spooled: 6, dropped: {} })
    expect(away.lastError).toBeDefined()
    expectAccounted(away)
    receiver.behaviour = 'take'
    await exporter.flush(10_000)
    expect(receiver.names).toEqual(['a', 'a child', 'b', 'b child', 'c', 'c child'])
    expect(receiver.requests.slice(-3).map(({ spans }) => spans[0]!.name)).toEqual(['a', 'b', 'c'])
    expect(receiver.copies > 0).toBe(copies > 0)
    expect(exporter.health()).toMatchObject({ taken: 6, delivered: 6, spooled: 0, spoolBytes: 0, dropped: {} })
    expect(exporter.health()).not.toHaveProperty('lastError')
    await exporter.shutdown(1_000)
    expect(filesBelow(folder)).toHaveLength(1)
  })

  test('what another process has left is delivered as well, by the first that comes', async () => {
    const folder = newFolder()
    const gone = made({ url: 'http://127.0.0.1:1', spool: { folder } })
    gone.export(traceOf('left'))
    await gone.flush(10_000)
    expect(gone.health()).toMatchObject({ spooled: 2, lastError: expect.stringContaining('ECONNREFUSED') })
    const other = made({ spool: { folder } })
    other.export(traceOf('own'))
    await other.flush(10_000)
    // It is for another receiver, and its process is not gone.
    expect(receiver.names).toEqual(['own', 'own child'])
  })

  test('without a spool spans wait in memory', async () => {
    receiver.behaviour = 'cut'
    const exporter = made({ spool: false })
    exporter.export(traceOf('a'))
    await exporter.flush(200)
    expect(exporter.health()).toMatchObject({ queued: 2, spooled: 0, spoolBytes: 0 })
    receiver.behaviour = 'take'
    await exporter.flush(10_000)
    expect(exporter.health()).toMatchObject({ queued: 0, delivered: 2 })
  })

  test('where no folder can be written they do so as well, and health says it', async () => {
    writeFileSync(join(root, 'file'), '')
    receiver.behaviour = 'cut'
    const exporter = made({ spool: { folder: join(root, 'file') } })
    exporter.export(traceOf('a'))
    await exporter.flush(200)
    expect(exporter.health()).toMatchObject({ queued: 2, note: 'no folder for a spool can be written' })
  })

  test('with `always` they are on disk before they are sent', async () => {
    receiver.behaviour = 'hang'
    const exporter = made({ spool: { folder: newFolder(), when: 'always' } })
    exporter.export(traceOf('a'))
    void exporter.flush(10_000)
    await receiver.until(() => receiver.headers.length > 0)
    expect(exporter.health()).toMatchObject({ queued: 0, spooled: 2 })
  })

  test('beyond the bound of the spool the oldest are dropped, and the count is right', async () => {
    receiver.behaviour = { status: 503 }
    const exporter = made({
      compression: 'none',
      batch: { maxCount: 2 },
      spool: { folder: newFolder(), maxBytes: 60_000 },
    })
    for (let i = 0; i < 40; i++) {
      exporter.export(traceOf(`trace ${i}`, 'x'.repeat(3_000)))
      await exporter.flush(20)
    }
    await until(() => exporter.health().queued === 0)
    const away = exporter.health()
    expect(away.spoolBytes).toBeLessThanOrEqual(60_000)
    expect(away.dropped['no room']).toBeGreaterThan(0)
    expectAccounted(away)
    receiver.behaviour = 'take'
    await exporter.flush(10_000)
    const health = exporter.health()
    expectAccounted(health)
    expect(health.delivered).toBe(receiver.names.length)
    expect(health.delivered + health.dropped['no room']!).toBe(80)
    expect(receiver.names).toContain('trace 39 child')
  })
})

describe('on a simulated clock', () => {
  test('a receiver that comes back after ten minutes gets everything once, in order, without having been pestered', async () => {
    const clock = new SimulatedClock()
    const back = clock.now() + 600_000
    let attempts = 0
    const names: string[] = []
    const post: Post = async body => {
      attempts++
      if (clock.now() < back) throw new Error('ECONNREFUSED')
      const { spans } = JSON.parse(Buffer.from(body).toString()) as { spans: { name: string }[] }
      names.push(...spans.map(({ name }) => name))
      return { status: 200, headers: {}, body: Buffer.from(JSON.stringify({ accepted: spans.length, refused: [] })) }
    }
    const exporter = new HttpExporter({ url, compression: 'none', spool: { folder: newFolder() } }, { post, clock })
    for (let i = 0; i < 65; i++) {
      exporter.export(tree(span(`span ${i}`)))
      await clock.pass(10_000)
    }
    await clock.pass(60_000)
    expect(names).toEqual(Array.from({ length: 65 }, (_, i) => `span ${i}`))
    // Pauses up to half a minute while it is away; then one request a batch.
    expect(attempts - 65).toBeLessThan(40)
    expect(exporter.health()).toMatchObject({ taken: 65, delivered: 65, dropped: {}, queued: 0, spooled: 0 })
  })

  test('a span that runs is published after a second, again less and less often, and when it has ended', async () => {
    const clock = new SimulatedClock()
    const seen: { name: string; rev: bigint; at: number }[] = []
    const begun = clock.now()
    const post: Post = async body => {
      const { spans } = JSON.parse(Buffer.from(body).toString()) as { spans: { name: string; rev: string }[] }
      for (const { name, rev } of spans) seen.push({ name, rev: BigInt(rev), at: (clock.now() - begun) / 1_000 })
      return { status: 200, headers: {}, body: Buffer.from(JSON.stringify({ accepted: spans.length })) }
    }
    const batch = { maxDelay: 0 }
    const exporter = new HttpExporter(
      { url, compression: 'none', batch, spool: { folder: newFolder() } },
      { post, clock },
    )
    const running = tree(span('long', { ms: null }, span('done'), span('just begun', { at: 60_000, ms: null })))
    for (let i = 0; i < 100; i++) {
      exporter.progress?.(running)
      await clock.pass(200)
    }
    expect(seen.map(({ name, at }) => `${name} ${at}`)).toEqual(['long 1', 'long 2', 'long 4', 'long 8', 'long 16'])
    exporter.export({ ...running, root: { ...running.root, endTime: running.root.startTime + 20_000_000_000n } })
    await clock.pass(1_000)
    const revisions = seen.filter(({ name }) => name === 'long').map(({ rev }) => rev)
    expect(revisions).toEqual([...revisions].sort((a, b) => (a < b ? -1 : 1)))
    expect(exporter.health()).toMatchObject({ taken: 3, delivered: 3 })
  })
})

describe('whatever a receiver does', () => {
  test.each(Array.from({ length: 20 }, (_, seed) => seed))(
    'every span is delivered or counted, and the count is right (%i)',
    async seed => {
      const numbers = new Random(seed)
      const random = (): number => numbers.next()
      const clock = new SimulatedClock()
      const arrived = new Set<string>()
      const refused = new Set<string>()
      let calm = false
      const take = (spans: readonly WireSpan[]): { index: number; reason: string }[] => {
        const unwanted: { index: number; reason: string }[] = []
        for (const [index, { id, name }] of spans.entries()) {
          if (name === 'unwanted') unwanted.push({ index, reason: 'unwanted' })
          ;(name === 'unwanted' ? refused : arrived).add(id)
        }
        return unwanted
      }
      const answer = (status: number, body: object, headers = {}): ReturnType<Post> =>
        Promise.resolve({ status, headers, body: Buffer.from(JSON.stringify(body)) })
      const post: Post = body => {
        const { spans } = JSON.parse(Buffer.from(body).toString()) as { spans: WireSpan[] }
        const chance = calm ? 1 : random()
        if (chance < 0.3) return Promise.reject(new Error('ECONNREFUSED'))
        if (chance < 0.4) return answer(429, {}, { 'retry-after': '7' })
        if (chance < 0.5) return answer(503, {})
        if (chance < 0.55) {
          for (const { id } of spans) refused.add(id)
          return answer(400, {})
        }
        const unwanted = take(spans)
        if (chance < 0.65) return Promise.reject(new Error('ECONNRESET'))
        return answer(200, { accepted: spans.length - unwanted.length, refused: unwanted })
      }
      const when = random() < 0.5 ? 'always' : 'on-failure'
      const spool =
        random() < 0.2 ? false : ({ folder: newFolder(), when, maxBytes: random() < 0.5 ? 20_000 : 1 << 20 } as const)
      const exporter = new HttpExporter({ url, compression: 'none', spool, batch: { maxCount: 5 } }, { post, clock })
      for (let i = 0; i < 150; i++) {
        exporter.export(tree(span('wanted', {}, span(random() < 0.1 ? 'unwanted' : 'wanted'))))
        await clock.pass(random() * 3_000)
      }
      calm = true
      await clock.pass(120_000)
      const health = exporter.health()
      expectAccounted(health)
      expect(health).toMatchObject({ taken: 300, queued: 0, spooled: 0 })
      const lost = (health.dropped['no room'] ?? 0) + (health.dropped['refused'] ?? 0)
      expect(health.delivered + lost).toBe(300)
      // What was refused as part of a batch, or dropped, may have arrived before in an attempt whose answer was lost.
      expect(arrived.size).toBeGreaterThanOrEqual(health.delivered)
      expect(new Set([...arrived, ...refused]).size + (health.dropped['no room'] ?? 0)).toBeGreaterThanOrEqual(300)
    },
  )
})

test('after `shutdown` nothing is sent, and what could not be is on disk', async () => {
  receiver.behaviour = 'cut'
  const folder = newFolder()
  const exporter = made({ spool: { folder } })
  exporter.export(traceOf('kept'))
  await exporter.shutdown(100)
  receiver.behaviour = 'take'
  expect(exporter.health()).toMatchObject({ spooled: 2, queued: 0, dropped: {} })
  expect(filesBelow(folder).filter(name => name.endsWith('.spool'))).toHaveLength(1)
})

test.each(['localhost:4000', 'ftp://host', ''])('%j is no URL of a receiver', wrong => {
  expect(() => httpExporter({ url: wrong })).toThrow(TypeError)
})
