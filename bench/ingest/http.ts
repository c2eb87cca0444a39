/**
 * Spans a second from HTTP to committed: a client posts prepared batches of 1,000 spans, packed as the exporter packs them, on the same
 * cores as the receiver; beside it a receiver as they are usually written, which takes the same bodies. Contenders take turns, each on its own
 * file of a million spans, since who receives has received. `npm run bench:ingest:http`; more rounds: `npm run bench:ingest:http 10`;
 * into docs/benchmarks.md: `-- --write`.
 */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { benchArguments, machine, median, quantile, table, writeSection } from '../report.ts'
import { CONNECTIONS, postsOf, send } from './posts.ts'
import { ANEW, CONTENDERS, OURS, ReceiverProcess, USUAL } from './receivers.ts'
import { BATCH } from './workload.ts'

/** Posts: of before, until code and statements are warm as in a receiver that runs, and measured. */
const BEFORE = 1_000
const WARM = 40
const MEASURED = 60

/** One contender in one round. */
interface Turn {
  /** Spans a second. */
  readonly rate: number
  /** Milliseconds of processor time for 1,000 spans. */
  readonly receiver: number
  readonly client: number
}

const { rounds, write } = benchArguments(5)
const turns = new Map(CONTENDERS.map(name => [name, [] as Turn[]]))
const folder = mkdtempSync(join(tmpdir(), 'span-tree-ingest-'))
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))

for (const name of CONTENDERS) await fill(name)
for (let round = 0; round < rounds; round++) {
  const posts = await postsOf(WARM + MEASURED, round + 11)
  // Whoever is first in one round is last in the next.
  for (const name of round % 2 === 0 ? CONTENDERS : CONTENDERS.toReversed()) {
    progress(`round ${round + 1} of ${rounds}: ${name}`)
    turns.get(name)?.push(await measure(name, posts))
  }
}
progress('at rest')
const rest = await atRest()
progress('')
const posts = `posts of ${BATCH.toLocaleString('en')} spans over ${CONNECTIONS} connections`
const before = `files of ${(BEFORE * BATCH).toLocaleString('en')} spans`
const report = `${rows()}\n\n${rest}\n\n${machine()}; medians of ${rounds} rounds of ${MEASURED} ${posts}, into ${before}.`
console.log(report)
if (write) writeSection('ingest-http', report)

function progress(text: string): void {
  process.stderr.write(`\r${text.padEnd(78)}${text === '' ? '\r' : ''}`)
}

function fileOf(name: string): string {
  return join(folder, `${CONTENDERS.indexOf(name)}.db`)
}

async function fill(name: string): Promise<void> {
  progress(`spans of before: ${name}`)
  if (name === ANEW) return copyFileSync(fileOf(USUAL), fileOf(ANEW))
  const receiver = await ReceiverProcess.start(name, fileOf(name))
  for (let part = 0; part < 10; part++) await send(receiver.url, await postsOf(BEFORE / 10, part + 1))
  await receiver.stop()
}

async function measure(name: string, posts: Awaited<ReturnType<typeof postsOf>>): Promise<Turn> {
  const receiver = await ReceiverProcess.start(name, fileOf(name))
  try {
    await send(receiver.url, posts.slice(0, WARM))
    const [own, its, begun] = [process.cpuUsage(), receiver.processorTime(), performance.now()]
    await send(receiver.url, posts.slice(WARM))
    const took = performance.now() - begun
    const { user, system } = process.cpuUsage(own)
    return {
      rate: (MEASURED * BATCH * 1_000) / took,
      receiver: (receiver.processorTime() - its) / MEASURED,
      client: (user + system) / 1_000 / MEASURED,
    }
  } finally {
    await receiver.stop()
  }
}

/** What a receiver takes that has written, and been asked, and has nothing to do any more. */
async function atRest(): Promise<string> {
  const receiver = await ReceiverProcess.start(OURS, join(folder, 'rest.db'))
  try {
    await send(receiver.url, await postsOf(WARM + MEASURED, 1))
    for (const path of ['traces', 'dashboard', 'errors']) await (await fetch(`${receiver.url}/api/${path}`)).text()
    // What is done behind writing is done by then.
    await new Promise(resolve => setTimeout(resolve, 40_000))
    const processor = receiver.processorTime()
    await new Promise(resolve => setTimeout(resolve, 10_000))
    const share = (receiver.processorTime() - processor) / 10_000
    const spans = ((WARM + MEASURED) * BATCH).toLocaleString('en')
    const megabytes = (receiver.memory() / 1e6).toFixed(0)
    return `At rest, after ${spans} spans and some questions: ${megabytes} MB, ${(share * 100).toFixed(1)} % of a core.`
  } finally {
    await receiver.stop()
  }
}

function rows(): string {
  return table(
    [
      'from HTTP to committed',
      'spans/s',
      'middle half',
      'times the usual',
      'ms of processor a post',
      '÷ usual',
      'client',
    ],
    [...turns].map(([name, all]) => {
      const rates = all.map(({ rate }) => rate)
      return [
        name,
        median(rates).toFixed(0),
        `${quantile(rates, 0.25).toFixed(0)}–${quantile(rates, 0.75).toFixed(0)}`,
        ratio(name, ({ rate }, usual) => rate / usual.rate),
        median(all.map(({ receiver }) => receiver)).toFixed(1),
        ratio(name, ({ receiver }, usual) => receiver / usual.receiver, 2),
        median(all.map(({ client }) => client)).toFixed(1),
      ]
    }),
  )
}

/** Of the same round: what else the machine did then, it did to both. */
function ratio(name: string, of: (turn: Turn, usual: Turn) => number, digits = 1): string {
  const usual = turns.get(USUAL) ?? []
  return `${median((turns.get(name) ?? []).map((turn, round) => of(turn, usual[round] as Turn))).toFixed(digits)} ×`
}
