/**
 * `npm run bench:ingest:store [thousands of spans]`: how fast spans go straight into SQLite, beside the usual way, and how long questions take while
 * they do. `--write` puts it into docs/benchmarks.md.
 */
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { type SpanBatch, SqliteStore } from '../../store/index.ts'
import { Random } from '../../test/support/random.ts'
import { benchArguments, machine, median, quantile, table, writeSection } from '../report.ts'
import { UsualStore } from './usual.ts'
import { BATCH, Workload } from './workload.ts'

const { write, rounds: thousands } = benchArguments(1_000)
/** Batches in a row of one contender, and how often each has its turn. */
const TURN = 20
const TURNS = 11
const QUESTIONS = 200

const folder = mkdtempSync(join(tmpdir(), 'span-tree-bench-'))
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
const began = BigInt(Date.now()) * 1_000_000n

const ingest = contest()
const file = join(folder, 'million.db')
const traces = await fill(file)
const reads = await ask(file, traces)
const text = `${ingest}\n\n${reads}\n\n${machine()}`
console.log(text)
if (write) writeSection('ingest', text)

/** Both in turns, so that what else the machine does falls on both. */
function contest(): string {
  const [ours, usual] = ['ours.db', 'usual.db'].map(name => join(folder, name)) as [string, string]
  const [store, other] = [new SqliteStore(ours), new UsualStore(usual)]
  const workload = new Workload(1, began)
  const speeds: Record<'ours' | 'again' | 'usual', Speed[]> = { ours: [], again: [], usual: [] }
  for (let turn = 0; turn < TURNS; turn++) {
    const batches = Array.from({ length: TURN }, () => workload.next())
    speeds.usual.push(speed(batches, batch => other.write(batch)))
    speeds.ours.push(speed(batches, batch => store.writeSync(batch)))
    speeds.again.push(speed(batches, batch => store.writeSync(batch)))
  }
  store.closeSync()
  other.close()
  const spans = TURNS * TURN * BATCH
  const row = (name: string, each: readonly Speed[], path?: string): string[] => [
    name,
    ...[byClock, byProcessor].map(kind => Math.round(median(each.map(kind))).toLocaleString('en')),
    path === undefined ? '' : (statSync(path).size / spans).toFixed(0),
    `${(median(each.map(byProcessor)) / median(speeds.usual.map(byProcessor))).toFixed(1)} ×`,
  ]
  return table(
    ['straight into SQLite', 'spans/s', 'per second of processor time', 'bytes a span', 'times the usual way'],
    [
      row('span-tree', speeds.ours, ours),
      row('the same spans again', speeds.again),
      row('the usual way: an insert a span, six indexes', speeds.usual, usual),
    ],
  )
}

/** Spans a second, of the clock and of processor time: the second is that of a machine with nothing else to do. */
interface Speed {
  readonly clock: number
  readonly processor: number
}

function byClock({ clock }: Speed): number {
  return clock
}

function byProcessor({ processor }: Speed): number {
  return processor
}

function speed(batches: readonly SpanBatch[], one: (batch: SpanBatch) => void): Speed {
  const [before, cpu] = [performance.now(), process.cpuUsage()]
  for (const batch of batches) one(batch)
  const [clock, { user, system }] = [performance.now() - before, process.cpuUsage(cpu)]
  const spans = batches.length * BATCH
  return { clock: spans / (clock / 1e3), processor: spans / ((user + system) / 1e6) }
}

/** Ids of some of its traces. */
async function fill(path: string): Promise<string[]> {
  const store = new SqliteStore(path)
  const workload = new Workload(3, began)
  const ids: string[] = []
  for (let i = 0; i < thousands; i++) {
    const batch = workload.next()
    await store.write(batch)
    ids.push(batch.spans[0]!.traceId)
  }
  const before = performance.now()
  while (await store.maintain());
  const seconds = (performance.now() - before) / 1_000
  const { bytes } = await store.stats()
  const perSpan = (bytes / thousands / BATCH).toFixed(0)
  console.log(
    `text of ${thousands},000 spans made findable in ${seconds.toFixed(1)} s; ${perSpan} bytes a span with it`,
  )
  await store.close()
  return ids
}

async function ask(path: string, ids: readonly string[]): Promise<string> {
  const start = began + BigInt(thousands) * 250_000_000n
  const worker = new Worker(new URL('writer.ts', import.meta.url), { workerData: { file: path, start } })
  await once(worker, 'online')
  const store = new SqliteStore(path, { readOnly: true })
  const random = new Random(5)
  const any = <T>(values: readonly T[]): T => values[random.below(values.length)] as T
  const questions: [string, string, () => Promise<unknown>][] = [
    ['a trace by id', '5', () => store.trace('shop', any(ids))],
    ['the dashboard', '50', () => store.dashboard('shop')],
    ['the dashboard of the last ten minutes', '50', () => store.dashboard('shop', { since: start - 600_000_000_000n })],
    ['by a tag', '50', () => store.traces('shop', { tags: { host: `web-${random.below(20)}` } })],
    [
      'by a tag and a status',
      '50',
      () => store.traces('shop', { tags: { app: any(['shop', 'payments']) }, statuses: ['FAIL'] }),
    ],
    [
      'full text: a rare word',
      '100',
      () => store.traces('shop', { text: `c-${1_000 + random.below(thousands * 200)}` }),
    ],
    ['full text: a common phrase', '100', () => store.traces('shop', { text: '"accepted" "no price for article"' })],
    ['full text: nothing', '100', () => store.traces('shop', { text: `order zebra${random.below(1_000)}` })],
    ['error groups', '', () => store.errorGroups('shop')],
  ]
  const rows: string[][] = []
  for (const [name, aim, question] of questions) rows.push([name, ...(await timed(question)), aim])
  worker.postMessage('end')
  const [spans] = (await once(worker, 'message')) as [number]
  await store.close()
  const title = `ms, in ${(thousands * BATCH).toLocaleString('en')} spans while ${spans.toLocaleString('en')} more are written`
  return table([title, 'p50', 'p99', 'p99 of processor time', 'aim (p99)'], rows)
}

/** Milliseconds: median and p99, and p99 of this thread's processor time. */
async function timed(question: () => Promise<unknown>): Promise<string[]> {
  const [clock, processor]: [number[], number[]] = [[], []]
  for (let i = 0; i < QUESTIONS; i++) {
    const [before, cpu] = [performance.now(), process.threadCpuUsage()]
    await question()
    const { user, system } = process.threadCpuUsage(cpu)
    clock.push(performance.now() - before)
    processor.push((user + system) / 1e3)
    // As people ask: not all at once.
    await new Promise(resolve => setTimeout(resolve, 2))
  }
  return [quantile(clock, 0.5), quantile(clock, 0.99), quantile(processor, 0.99)].map(each => each.toFixed(1))
}
