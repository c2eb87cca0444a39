import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'
import { SqliteStore, type TraceLookup } from '../../store/index.ts'
import { Program } from '../process/processes.ts'
import { serve } from './child.ts'
import { killUnderLoad } from './kill.ts'
import { newFile } from './running.ts'

const execute = promisify(execFile)
const CLI = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const states = mkdtempSync(join(tmpdir(), 'span-tree-serve-'))
afterAll(() => rmSync(states, { recursive: true, force: true }))

const PROCESS = `
  import { Worker, isMainThread } from 'node:worker_threads'
  import { once } from 'node:events'
  import { logger } from './logging.js'
  async function main() {
    const worker = new Worker(new URL('./worker.js', import.meta.url))
    await once(worker, 'exit')
    price(process.env.ORDER)
  }
  function price(order) {
    logger.info('priced', { order })
    if (order === '2') throw new RangeError('no price for 2')
  }
  main().catch(() => {})`
const LOGGING = `import { getLogger } from 'span-tree'
  export const logger = getLogger('shop')`
const WORKER = `
  function inWorker() { return pack(Number('3')) }
  function pack(n) { return n * 2 }
  inWorker()`

test('processes with worker threads publish to it; each trace is there, whole, when they have ended', async () => {
  const file = newFile()
  const served = await serve(file)
  const shop = new Program({ 'main.js': PROCESS, 'logging.js': LOGGING, 'worker.js': WORKER })
  const env = (order: number): NodeJS.ProcessEnv => ({
    SPAN_TREE: served.url,
    SPAN_TREE_STATE: join(states, String(order)),
    SPAN_TREE_EXIT_TIMEOUT: '40000',
    SPAN_TREE_TAGS: `app=shop,order=${order}`,
    ORDER: String(order),
  })
  const ended = await Promise.all([1, 2].map(order => shop.traced({ env: env(order) })))
  expect(ended.map(({ code, stderr }) => [code, stderr])).toEqual([
    [0, ''],
    [0, ''],
  ])
  expect(await served.stop('SIGTERM')).toBe(0)

  const store = new SqliteStore(file, { readOnly: true })
  const traces = await store.traces('default')
  const names = await Promise.all(traces.map(async ({ traceId }) => namesOf(await store.trace('default', traceId))))
  const all = names.flat()
  expect(all.filter(name => name === 'main')).toHaveLength(2)
  expect(all.filter(name => name === 'price')).toHaveLength(2)
  expect(all.filter(name => name === 'inWorker')).toHaveLength(2)
  expect(all.filter(name => name === 'pack')).toHaveLength(2)
  expect(new Set(traces.filter(({ status }) => status === 'FAIL').map(({ name }) => name))).toEqual(new Set(['main']))
  expect((await store.errorGroups('default')).map(({ message }) => message)).toEqual(['no price for 2'])
  await store.close()
})

function namesOf(lookup: TraceLookup): string[] {
  const names: string[] = []
  const pending = lookup.kind === 'found' ? lookup.trees.map(({ root }) => root) : []
  for (const span of pending) {
    names.push(span.name)
    pending.push(...span.children)
  }
  return names
}

test('what was acknowledged is there, once, though it is killed by kill -9 under load', async () => {
  const kept = await killUnderLoad(newFile(), 5, () => Math.random() * 100)
  expect(kept.wrong).toEqual([])
  expect(kept.acknowledged).toBeGreaterThan(20)
})

test('keys are made, listed and revoked beside it', async () => {
  const db = newFile()
  const keys = (...parameters: string[]) => execute(process.execPath, [CLI, 'keys', ...parameters, '--db', db])
  const key = (await keys('create', '--namespace', 'shop', '--label', 'web')).stdout.trim()
  const served = await serve(db)
  const status = async (): Promise<number> =>
    (await fetch(`${served.url}/api/traces`, { headers: { authorization: `Bearer ${key}` } })).status
  expect(await status()).toBe(200)
  expect((await fetch(`${served.url}/api/traces`)).status).toBe(401)
  const { stdout } = await keys('list')
  const [listed] = JSON.parse(stdout)
  // A line an element, as all lists have.
  expect(stdout.split('\n')).toHaveLength(4)
  expect(listed).toMatchObject({ namespace: 'shop', label: 'web' })
  await keys('revoke', listed.id)
  await expect.poll(status, { timeout: 20_000 }).toBe(401)
  await expect(keys('revoke', 'nobody')).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('no key nobody'),
  })
  expect(await served.stop('SIGINT')).toBe(0)
})

test('it is not traced itself, whatever SPAN_TREE says', async () => {
  const own = newFile()
  const served = await serve(newFile(), 0, { SPAN_TREE: `sqlite:${own}` })
  expect((await fetch(`${served.url}/api/traces`)).status).toBe(200)
  expect(await served.stop('SIGTERM')).toBe(0)
  expect(existsSync(own)).toBe(false)
})

test('a port that is taken is one line', async () => {
  const served = await serve(newFile())
  const port = new URL(served.url).port
  await expect(execute(process.execPath, [CLI, 'serve', '--db', newFile(), '--port', port])).rejects.toMatchObject({
    code: 1,
    stderr: `span-tree serve: port ${port} is in use (--port names another)\n`,
  })
  await served.stop('SIGTERM')
})
