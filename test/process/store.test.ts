import { execFile } from 'node:child_process'
import { copyFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import type { Span } from '../../model/index.ts'
import { SqliteStore } from '../../store/index.ts'
import { nodeBinary } from '../support/node-versions.ts'
import { type Execution, type Program, program } from './processes.ts'

const SPANS = `
import { getLogger } from 'span-tree'
const logger = getLogger('shop')
function leaf(n) { logger.info('leaf %d', n); return Number(n) }
async function main(n) { await null; leaf(n); leaf(n + 1) }
`

const toStore = (execution: Execution = {}): Execution => ({
  ...execution,
  env: { SPAN_TREE: 'sqlite:./traces.db', SPAN_TREE_TAGS: 'app=shop', ...execution.env },
})

async function treesIn({ directory }: Program, folder = 'traced'): Promise<string[]> {
  const store = new SqliteStore(join(directory, folder, 'traces.db'), { readOnly: true })
  const shown: string[] = []
  for (const { traceId, tags } of await store.traces('default', { limit: 1_000 })) {
    const found = await store.trace('default', traceId)
    if (found.kind === 'found') shown.push(...found.trees.map(tree => `${tags['app']}: ${short(tree.root)}`))
  }
  await store.close()
  return shown.sort()
}

function short({ name, endTime, children }: Span): string {
  const below = children.length === 0 ? '' : `(${children.map(short).join(', ')})`
  return `${name}${endTime === undefined ? ' …' : ''}${below}`
}

test.concurrent('SPAN_TREE=sqlite:… keeps what was traced, and the program sees nothing of it', async () => {
  const both = program(`${SPANS} await main(1); console.log('done'); process.exitCode = 3`)
  const [plain, traced] = await Promise.all([both.plain({ env: { SPAN_TREE: 'off' } }), both.traced(toStore())])
  expect(traced).toEqual({ ...plain, code: 3 })
  expect(await treesIn(both)).toEqual(['shop: main(leaf, leaf)'])
  const store = new SqliteStore(join(both.directory, 'traced', 'traces.db'), { readOnly: true })
  const functions = await store.functions('default')
  expect(functions.map(({ name, count }) => [name, count]).sort()).toEqual([
    ['leaf', 2],
    ['main', 1],
  ])
  await store.close()
})

test.concurrent('a copy of the file is whole when the process has ended, without the log beside it', async () => {
  const both = program(`${SPANS} await main(1); await main(5)`)
  await both.traced(toStore())
  const copy = join(both.directory, 'copy.db')
  copyFileSync(join(both.directory, 'traced', 'traces.db'), copy)
  const store = new SqliteStore(copy)
  expect(await store.traces('default')).toHaveLength(2)
  await store.close()
})

test.concurrent('however the process ends: by a signal, with what still runs', async () => {
  const both = program(`${SPANS}
    async function waits() { leaf(1); console.log('ready'); await new Promise(resolve => setTimeout(resolve, 60_000)) }
    waits()`)
  const ended = await both.traced(toStore({ signals: [['ready', 'SIGTERM']] }))
  expect([ended.signal, ended.stderr]).toEqual(['SIGTERM', ''])
  expect(await treesIn(both)).toEqual(['shop: waits …(leaf, waits › <anonymous @ Promise>)'])
})

test.concurrent('what runs long is there before it ends, should it be killed', async () => {
  const both = program(`${SPANS}
    async function waits() { console.log('ready'); for (;;) await new Promise(resolve => setTimeout(resolve, 50)) }
    waits()`)
  let found: () => void = () => {}
  const killWhen = new Promise<void>(resolve => (found = resolve))
  const ended = both.traced(toStore({ killWhen }))
  const isThere = async (): Promise<boolean> =>
    (await treesIn(both).catch(() => [])).some(each => each.includes('waits …'))
  while (!(await isThere())) await new Promise(resolve => setTimeout(resolve, 50))
  found()
  expect((await ended).signal).toBe('SIGKILL')
})

test.concurrent('several processes at once, and none loses anything', async () => {
  const both = program(`${SPANS} for (let i = 0; i < 300; i++) await main(i)`)
  const all = await Promise.all([1, 2, 3].map(() => both.traced(toStore())))
  expect(all.map(({ code, stderr }) => [code, stderr])).toEqual(Array(3).fill([0, '']))
  expect(await treesIn(both)).toEqual(Array(900).fill('shop: main(leaf, leaf)'))
})

test.concurrent('a process that writes for long holds up nothing, and gets its spans afterwards', async () => {
  const both = program(`${SPANS}
    await main(1); await new Promise(resolve => setTimeout(resolve, 300)); console.log('made')
    for (let i = 0; i < 20; i++) { await main(i); await new Promise(resolve => setTimeout(resolve, 20)) }
    console.log('worked')`)
  const file = join(both.directory, 'traced', 'traces.db')
  const ended = both.traced(toStore())
  while (!readdirSync(join(both.directory, 'traced')).includes('traces.db'))
    await new Promise(resolve => setTimeout(resolve, 10))
  const other = new DatabaseSync(file, { timeout: 5_000 })
  other.exec('BEGIN IMMEDIATE')
  await new Promise(resolve => setTimeout(resolve, 700))
  other.exec('COMMIT')
  other.close()
  expect(await ended).toMatchObject({ code: 0, stderr: '', stdout: 'made\nworked\n' })
  expect((await treesIn(both)).filter(each => each === 'shop: main(leaf, leaf)')).toHaveLength(21)
})

test.concurrent('a file that is no store is one clear line', async () => {
  const both = program(`${SPANS} await main(1); console.log('done')`)
  const { code, stdout, stderr } = await both.traced(toStore({ env: { SPAN_TREE: 'sqlite:./main.js' } }))
  expect([code, stdout]).toEqual([0, 'done\n'])
  expect(stderr).toBe(
    'span-tree: SPAN_TREE=sqlite:./main.js has no effect: <program>/main.js is not a database (file is not a database)\n',
  )
})

test.concurrent('as an option, with a namespace and tags', async () => {
  const both = program(`import { configure } from 'span-tree'
    import { sqliteExporter } from 'span-tree/sqlite'
    configure({ exporters: [sqliteExporter({ file: 'traces.db', namespace: 'mine', tags: { team: 'a' } })] })
    ${SPANS} await main(1)`)
  const { stderr } = await both.traced(toStore({ env: { SPAN_TREE: '' } }))
  expect(stderr).toBe('')
  const store = new SqliteStore(join(both.directory, 'traced', 'traces.db'))
  expect(await store.traces('mine')).toMatchObject([{ name: 'main', spans: 3, tags: { team: 'a', app: 'shop' } }])
  await store.close()
})

test.concurrent('the oldest Node that we support says nothing of experiments', async () => {
  const both = program(`${SPANS} await main(1)`)
  const env = { ...process.env, SPAN_TREE: 'sqlite:./traces.db', SPAN_TREE_TAGS: 'app=shop', VITEST: undefined }
  const cwd = join(both.directory, 'traced')
  const { stderr } = await promisify(execFile)(nodeBinary(22), ['main.js'], { cwd, env })
  expect(stderr).toBe('')
  expect(await treesIn(both)).toEqual(['shop: main(leaf, leaf)'])
})
