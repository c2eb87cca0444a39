import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { type SpanRecord, SqliteStore, StoreError } from '../../store/index.ts'
import { openFile } from '../../store/sqlite/open.ts'
import { MIGRATIONS } from '../../store/sqlite/schema.ts'
import { conformance } from './conformance.ts'
import { batch, NOON, site, span, traceId } from './spans.ts'

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'span-tree-store-')))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const WRITER = fileURLToPath(new URL('writer-process.ts', import.meta.url))

let files = 0
function newFile(): string {
  return join(folder, `${files++}.db`)
}

describe('in memory', () => {
  conformance(now => new SqliteStore(':memory:', { now }), 100)
})

describe('on disk', () => {
  conformance(now => new SqliteStore(newFile(), { now }), 5)
})

interface Written {
  /** Ids of traces. */
  readonly acknowledged: readonly string[]
  readonly error?: string
}

/** `killAfter`: so many acknowledged traces, and a moment that differs. `command`: what runs before the program, in a shell. */
function writer(file: string, name: string, count?: number, killAfter?: number, command = ''): Promise<Written> {
  const args = [WRITER, file, name, ...(count === undefined ? [] : [String(count)])]
  const quoted = [process.execPath, '--no-warnings', ...args].map(each => `'${each}'`).join(' ')
  const child = spawn('sh', ['-c', `${command} exec ${quoted}`], { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', chunk => {
    text += chunk
    if (killAfter !== undefined && text.split('\n').length > killAfter)
      setTimeout(() => child.kill('SIGKILL'), Math.random() * 20)
  })
  return new Promise(resolve =>
    child.once('close', () => {
      const lines = text.split('\n').slice(0, -1)
      const error = lines.find(line => line.startsWith('error '))
      const acknowledged = lines.filter(line => line.length === 27)
      resolve({ acknowledged, ...(error !== undefined && { error: error.slice(6) }) })
    }),
  )
}

async function expectWhole(file: string, acknowledged: readonly string[]): Promise<void> {
  const store = new SqliteStore(file)
  for (const id of acknowledged)
    expect(await store.trace('default', id)).toMatchObject({ kind: 'found', summary: { spans: 10 } })
  const rows = await store.dashboard('default')
  const { traces } = await store.stats()
  expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(traces)
  await store.close()
  const database = new DatabaseSync(file)
  expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' })
  expect(database.prepare('SELECT count(*) AS spans FROM spans').get()).toEqual({ spans: traces * 10 })
  database.close()
}

test.concurrent('kill -9 while it writes: what was acknowledged is there, once', { timeout: 60_000 }, async () => {
  const file = newFile()
  const acknowledged: string[] = []
  for (let i = 0; i < 4; i++) {
    const both = await Promise.all([writer(file, 'a', undefined, 5 + i * 13), writer(file, 'b', undefined, 40)])
    acknowledged.push(...both.flatMap(each => each.acknowledged))
    expect(both.map(each => each.error)).toEqual([undefined, undefined])
  }
  expect(acknowledged.length).toBeGreaterThan(150)
  await expectWhole(file, acknowledged)
})

test.concurrent('several processes write to a new file at once', { timeout: 60_000 }, async () => {
  const file = newFile()
  const all = await Promise.all(['a', 'b', 'c', 'd'].map(name => writer(file, name, 60)))
  expect(all.map(({ acknowledged, error }) => [acknowledged.length, error])).toEqual(Array(4).fill([60, undefined]))
  await expectWhole(
    file,
    all.flatMap(each => each.acknowledged),
  )
  const store = new SqliteStore(file, { readOnly: true })
  expect((await store.dashboard('default')).map(each => [each.name, each.count]).sort()).toEqual(
    ['a', 'b', 'c', 'd'].map(name => [name, 60]),
  )
  await store.close()
})

test.concurrent('no room: an error, and what was acknowledged is there', { timeout: 60_000 }, async () => {
  const file = newFile()
  // Files of 2 MB at most; Node ignores the signal that comes with it.
  const { acknowledged, error } = await writer(file, 'a', 5_000, undefined, 'ulimit -f 4096;')
  expect(error).toMatch(/^(full|io)$/)
  expect(acknowledged.length).toBeGreaterThan(5)
  await expectWhole(file, acknowledged)
})

test('a full database says so, takes nothing half, and goes on when there is room', async () => {
  const file = newFile()
  const connection = openFile(file)
  const { pages = 0 } = connection.get('SELECT page_count AS pages FROM pragma_page_count') ?? {}
  connection.close()
  const store = new SqliteStore(file)
  const full = batch(
    Array.from({ length: 5_000 }, () => span({ traceId: traceId(), attributes: { a: 'x'.repeat(500) } })),
  )
  limitPages(store, pages + 20)
  expect(() => store.writeSync(full)).toThrow(expect.objectContaining({ name: 'StoreError', code: 'full' }))
  expect(await store.traces('default')).toEqual([])
  limitPages(store, 1_000_000)
  expect(store.writeSync(full).accepted).toBe(5_000)
  expect(await store.dashboard('default')).toMatchObject([{ count: 5_000 }])
  await store.close()
})

/** The limit is of the connection. */
function limitPages(store: SqliteStore, pages: number): void {
  store.wait(0)
  const { exec } = DatabaseSync.prototype
  DatabaseSync.prototype.exec = function (sql) {
    exec.call(this, `${sql}; PRAGMA max_page_count = ${pages}`)
  }
  store.wait(0)
  DatabaseSync.prototype.exec = exec
}

test('a file that another process holds: busy, and afterwards all is well', async () => {
  const file = newFile()
  const store = new SqliteStore(file, { wait: 20 })
  const other = new DatabaseSync(file)
  other.exec('BEGIN IMMEDIATE')
  expect(() => store.writeSync(batch([span({ traceId: traceId() })]))).toThrow(
    expect.objectContaining({ code: 'busy' }),
  )
  expect(await store.traces('default')).toEqual([])
  other.exec('COMMIT')
  other.close()
  store.writeSync(batch([span({ traceId: traceId() })]))
  expect(await store.traces('default')).toHaveLength(1)
  await store.close()
})

test('what is no store is refused by name, and left as it is', () => {
  const text = newFile()
  writeFileSync(text, 'these are my notes\n'.repeat(500))
  const other = newFile()
  const database = new DatabaseSync(other)
  database.exec('CREATE TABLE mine (x); INSERT INTO mine VALUES (1)')
  database.close()
  for (const [file, message] of [
    [text, `${text} is not a database (file is not a database)`],
    [other, `${other} is a database of another program`],
  ] as const) {
    const before = readFileSync(file)
    expect(() => new SqliteStore(file)).toThrow(new StoreError('foreign', message))
    expect(readFileSync(file).equals(before)).toBe(true)
  }
})

test('a file of a newer version is refused, and left as it is', async () => {
  const file = newFile()
  const newer = openFile(file, {}, [...MIGRATIONS, 'CREATE TABLE news (x)'])
  newer.close()
  const before = readFileSync(file)
  const [known, is] = [MIGRATIONS.length, MIGRATIONS.length + 1]
  const message = `${file} was written by a newer span-tree: its version is ${is}, this span-tree knows ${known}`
  for (const readOnly of [false, true])
    expect(() => new SqliteStore(file, { readOnly })).toThrow(new StoreError('newer', message))
  expect(readFileSync(file).equals(before)).toBe(true)
})

test('an older file is brought up to date, wholly or not at all', async () => {
  const file = newFile()
  const store = new SqliteStore(file)
  const kept = span({ traceId: traceId() })
  store.writeSync(batch([kept]))
  await store.close()
  const faulty = [...MIGRATIONS, 'CREATE TABLE news (x)', 'CREATE TABLE news (y)']
  expect(() => openFile(file, {}, faulty)).toThrow('news already exists')
  const again = new SqliteStore(file)
  expect((await again.trace('default', kept.traceId)).kind).toBe('found')
  await again.close()
  const updated = openFile(file, {}, [...MIGRATIONS, 'CREATE TABLE news (x)'])
  expect(updated.get('SELECT (SELECT count(*) FROM news) + (SELECT count(*) FROM spans) AS sum')).toEqual({ sum: 1 })
  updated.close()
})

test('a damaged file is an error that says so', async () => {
  const file = newFile()
  const store = new SqliteStore(file)
  for (let i = 0; i < 20; i++)
    store.writeSync(
      batch(Array.from({ length: 100 }, () => span({ traceId: traceId(), attributes: { a: 'x'.repeat(100) } }))),
    )
  await store.close()
  const bytes = readFileSync(file)
  bytes.fill(0xa5, 8_192, bytes.length)
  writeFileSync(file, bytes)
  const damaged = async (): Promise<void> => {
    const opened = new SqliteStore(file)
    try {
      await opened.traces('default')
    } finally {
      opened.closeSync()
    }
  }
  await expect(damaged()).rejects.toMatchObject({ name: 'StoreError', code: 'corrupt' })
})

test('a file that is only read is not made', () => {
  const file = newFile()
  expect(() => new SqliteStore(file, { readOnly: true })).toThrow(new StoreError('missing', `${file} is not there`))
  expect(() => statSync(file)).toThrow('ENOENT')
  expect(() => new SqliteStore(join(folder, 'nowhere', 'x.db'))).toThrow(expect.objectContaining({ code: 'missing' }))
})

test('names, places and tags go with the last trace that they are of, whoever remembers them', async () => {
  const file = newFile()
  let now = NOON
  const [store, other] = [new SqliteStore(file, { now: () => now }), new SqliteStore(file, { now: () => now })]
  const traces = (count: number, name: string): SpanRecord[] =>
    Array.from({ length: count }, () => span({ traceId: traceId(), name, site: site(name) }))
  const tables = ['series', 'tagsets', 'tags', 'senders', 'places', 'functions']
  const rows = (): unknown => {
    const connection = openFile(file, { readOnly: true })
    const counts = tables.map(table => connection.get(`SELECT count(*) AS n FROM ${table}`)?.['n'])
    connection.close()
    return counts
  }
  const old = { app: 'shop', host: 'web-1' }
  other.writeSync({ ...batch(traces(10, 'old'), old), health: { spansMade: 10 } })
  const recent = { app: 'shop', host: 'web-2' }
  store.writeSync(batch(traces(600, 'new'), recent))
  now += 91 * 86_400_000
  store.writeSync(batch(traces(1, 'new'), recent))
  expect(rows()).toEqual([2, 2, 4, 1, 2, 2])
  while (store.maintainSync({ maxAge: 1_000 }));
  expect(rows()).toEqual([1, 1, 2, 0, 1, 1])

  // The other process had them all in memory.
  const again = traces(1, 'old')
  other.writeSync(batch(again, old))
  expect(rows()).toEqual([2, 2, 4, 0, 2, 2])
  expect(await store.traces('default', { tags: old })).toMatchObject([{ name: 'old', tags: old }])
  const found = await store.trace('default', again[0]!.traceId)
  expect(found.kind === 'found' && found.trees[0]?.root.site?.name).toBe('old')
  await store.close()
  await other.close()
})

test('what goes is given back to the disk', async () => {
  const file = newFile()
  const store = new SqliteStore(file)
  const ids: string[] = []
  for (let i = 0; i < 20; i++) {
    const spans = Array.from({ length: 500 }, () =>
      span({ traceId: traceId(), attributes: { a: `${Math.random()}`.repeat(10) } }),
    )
    ids.push(...spans.map(each => each.traceId))
    store.writeSync(batch(spans))
    while (store.maintainSync());
  }
  const { bytes } = await store.stats()
  const maxBytes = Math.round(bytes / 3)
  while (store.maintainSync({ maxBytes }));
  expect(statSync(file).size).toBeLessThanOrEqual(maxBytes)
  expect(statSync(file).size).toBeGreaterThan(maxBytes / 2)
  const { traces } = await store.stats()
  expect((await store.trace('default', ids.at(-1)!)).kind).toBe('found')
  expect((await store.trace('default', ids[0]!)).kind).toBe('none')
  expect(await store.dashboard('default')).toMatchObject([{ count: traces }])
  while (store.maintainSync({ maxBytes: 0 }));
  expect(await store.stats()).toMatchObject({ traces: 0, unusedBytes: 0, pendingText: 0 })
  await store.close()
  expect(statSync(file).size).toBeLessThan(bytes / 10)
})
