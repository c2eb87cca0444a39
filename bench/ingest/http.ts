/**
 * Spans a second from HTTP to committed: a client posts prepared batches of 1,000 spans, packed as the exporter packs them, on the same
 * cores as the receiver; beside it a receiver as they are usually written, which takes the same bodies. Contenders take turns, each
 * round on an empty file. `npm run bench:ingest`; more rounds: `node bench/ingest/http.ts 10`; into docs/benchmarks.md: `--write`.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compress } from '../../runtime/exporters/compression.ts'
import type { SpanBatch } from '../../store/index.ts'
import { benchArguments, machine, median, quantile, table, writeSection } from '../report.ts'
import { BATCH, Workload } from './workload.ts'

const BATCHES = 60
const CONNECTIONS = 4
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

const USUAL = 'an insert a span, six indexes'
const ANEW = 'the same, prepared for each span'
const CONTENDERS: Readonly<Record<string, (file: string) => string[]>> = {
  'span-tree serve': file => [here('../../dist/cli/main.js'), 'serve', '--port', '0', '--db', file],
  [USUAL]: file => [here('usual-receiver.ts'), file, 'once'],
  [ANEW]: file => [here('usual-receiver.ts'), file, 'anew'],
}

interface Body {
  readonly body: Uint8Array
  readonly headers: Readonly<Record<string, string>>
}

const { rounds, write } = benchArguments(5)
const rates = new Map(Object.keys(CONTENDERS).map(name => [name, [] as number[]]))
const rest: Rest[] = []
let files = 0
const folder = mkdtempSync(join(tmpdir(), 'span-tree-ingest-'))
try {
  for (let round = 0; round < rounds; round++) {
    const bodies = await bodiesOf(round)
    for (const name of Object.keys(CONTENDERS)) {
      process.stderr.write(`\rround ${round + 1} of ${rounds}: ${name}`.padEnd(78))
      rates.get(name)?.push(await measure(name, join(folder, `${++files}.db`), bodies))
    }
  }
  rest.push(await atRest(join(folder, 'rest.db')))
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.stderr.write(`\r${' '.repeat(78)}\r`)
const report = `${machine()}; ${rounds} rounds of ${BATCHES} posts of ${BATCH.toLocaleString('en')} spans over ${CONNECTIONS} connections.\n\n${rows()}\n\n${restText()}`
console.log(report)
if (write) writeSection('ingest-http', report)

async function measure(name: string, file: string, bodies: readonly Body[]): Promise<number> {
  const { child, url } = await start(name, file)
  try {
    // Code and statements are warm, as in a receiver that runs.
    await post(url, bodies.slice(0, 10))
    const begun = performance.now()
    await post(url, bodies.slice(10))
    return ((bodies.length - 10) * BATCH * 1_000) / (performance.now() - begun)
  } finally {
    await stop(child)
  }
}

async function start(name: string, file: string): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, ['--no-warnings', ...(CONTENDERS[name]?.(file) ?? [])], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [text] = (await once(child.stdout!, 'data')) as [Buffer]
  return { child, url: /http:\/\/[\d.:]+/.exec(String(text))?.[0] as string }
}

async function stop(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM')
  if (child.exitCode === null) await once(child, 'exit')
}

async function bodiesOf(seed: number): Promise<Body[]> {
  const workload = new Workload(seed + 1, 1_795_359_600_000_000_000n)
  const bodies: Body[] = []
  for (let i = 0; i < BATCHES + 10; i++) bodies.push(await compress(Buffer.from(bodyOf(workload.next())), 'zstd'))
  return bodies
}

/** As docs/receiver-protocol.md has it. */
function bodyOf({ tags, run, spans }: SpanBatch): string {
  const plain = spans.map(({ site, ...span }) => {
    const { parameters: _, options: __, ...kept } = site ?? { parameters: [], options: {} }
    return { ...span, ...(site && { site: kept }) }
  })
  return JSON.stringify({ tags, run, spans: plain }, (_, value) => (typeof value === 'bigint' ? String(value) : value))
}

async function post(url: string, bodies: readonly Body[]): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
  const waiting = [...bodies]
  const sendAll = async (): Promise<void> => {
    for (let body = waiting.shift(); body !== undefined; body = waiting.shift()) await send(url, body, agent)
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, sendAll))
  agent.destroy()
}

function send(url: string, { body, headers }: Body, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const all = { ...headers, 'content-type': 'application/json', 'content-length': body.byteLength }
    const sent = request(`${url}/v1/spans`, { method: 'POST', agent, headers: all }, response => {
      const chunks: Buffer[] = []
      response.on('data', chunk => chunks.push(chunk))
      response.on('end', () => {
        const { accepted } = response.statusCode === 200 ? JSON.parse(Buffer.concat(chunks).toString()) : {}
        if (accepted === BATCH) resolve()
        else reject(new Error(`not taken: ${response.statusCode} ${Buffer.concat(chunks)}`))
      })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

interface Rest {
  readonly megabytes: number
  /** Of one core. */
  readonly processor: number
}

/** What a receiver takes that has written, and been asked, and has nothing to do any more. */
async function atRest(file: string): Promise<Rest> {
  const { child, url } = await start('span-tree serve', file)
  try {
    await post(url, await bodiesOf(0))
    for (const path of ['traces', 'dashboard', 'errors']) await (await fetch(`${url}/api/${path}`)).text()
    // What is done behind writing is done by then.
    await new Promise(resolve => setTimeout(resolve, 40_000))
    const before = processorTime(child)
    await new Promise(resolve => setTimeout(resolve, 10_000))
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
    return {
      megabytes: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_024,
      processor: (processorTime(child) - before) / 1_000,
    }
  } finally {
    await stop(child)
  }
}

/** Hundredths of a second. */
function processorTime({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return Number(fields[11]) + Number(fields[12])
}

function rows(): string {
  const usual = median(rates.get(USUAL) as number[])
  return table(
    ['from HTTP to committed', 'spans/s', 'middle half', 'of the usual way'],
    [...rates].map(([name, all]) => [
      name,
      median(all).toFixed(0),
      `${quantile(all, 0.25).toFixed(0)}–${quantile(all, 0.75).toFixed(0)}`,
      `${(median(all) / usual).toFixed(1)} ×`,
    ]),
  )
}

function restText(): string {
  const [{ megabytes, processor } = { megabytes: 0, processor: 0 }] = rest
  return `At rest, after ${(BATCHES + 10) * BATCH} spans and some questions: ${megabytes.toFixed(0)} MB, ${(processor * 100).toFixed(1)} % of a core.`
}
