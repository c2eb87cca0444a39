/**
 * What tracing costs a service on fastify: plain, with every function instrumented and a span for each request, and with OpenTelemetry's own
 * instrumentation. The service does what services do (`service.cjs`): parses, checks, asks a database that takes 1–2 ms three times, computes, and
 * answers with JSON; a second one (`bare.cjs`) does next to nothing but call its functions. Each contender runs in a process of its own, asked in turns by
 * autocannon from another process over so many connections that the service's thread is busy all the time.
 * `npm run bench:http`; more rounds: `npm run bench:http -- 20`; into docs/benchmarks.md: `npm run bench:http -- --write`.
 */
import { type ChildProcess, execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import { promisify } from 'node:util'
import { benchArguments, machine, median, quantile, table, writeSection } from '../report.ts'
import { autocannon, CONTENDERS, type Contender, install, SERVICES, type Service } from './installed.ts'

/** Seconds. */
const WARM_UP = 3
const DURATION = 2
/** The first service waits for its database most of the time. */
const CONNECTIONS: Record<Service, number> = { service: 100, bare: 20 }
const ITEMS = 3

const LABELS: Record<Contender, string> = {
  plain: 'no tracing',
  'span-tree': 'span-tree, every function',
  'span-tree-built': 'span-tree, every trace made into a tree',
  opentelemetry: 'OpenTelemetry JS, http and fastify only',
}
const TITLES: Record<Service, string> = {
  service: `A service as there are many, ${CONNECTIONS.service} connections:`,
  bare: `Next to nothing but the calls, ${CONNECTIONS.bare} connections:`,
}
const ORDER = JSON.stringify({
  customer: 'c-1234567',
  items: Array.from({ length: ITEMS }, (_, i) => ({ sku: `sku-${i * 11}`, quantity: i + 1 })),
})
const execute = promisify(execFile)

interface Figures {
  /** Requests answered in a second. */
  readonly rates: number[]
  /** Microseconds of processor time for a request, on all threads. */
  readonly costs: number[]
  /** Bytes allocated for a request. */
  readonly garbage: number[]
}

interface Started extends Figures {
  readonly process: ChildProcess
  readonly port: number
}

type Running = Readonly<Record<Contender, Started>>

const { rounds, write } = benchArguments(12)
const command = install()
const sections: string[] = []
for (const service of SERVICES) sections.push(`${TITLES[service]}\n\n${rows(await measured(service))}`)
const conditions = `${machine()}; ${rounds} turns of ${DURATION} s each.`
const report = [conditions, ...sections].join('\n\n')
console.log(report)
if (write) writeSection('http', report)

/** All contenders are there all the time, and are asked in turns: what else the machine does hits each of them. */
async function measured(service: Service): Promise<Running> {
  const started: [Contender, Started][] = []
  try {
    for (const contender of CONTENDERS) started.push([contender, await start(contender, service)])
    for (const [, { port }] of started) await drive(port, WARM_UP, CONNECTIONS[service])
    for (let round = 0; round < rounds; round++) {
      process.stderr.write(`\rround ${round + 1} of ${rounds}: ${service}`.padEnd(40))
      for (const [, each] of started) await measure(each, CONNECTIONS[service])
    }
    return Object.fromEntries(started) as Running
  } finally {
    process.stderr.write(`\r${' '.repeat(40)}\r`)
    for (const [, { process: child }] of started) child.kill()
  }
}

async function start(contender: Contender, service: Service): Promise<Started> {
  const [first = '', ...rest] = command(contender, service)
  const required = first === '--require'
  const child = fork(required ? (rest[1] as string) : first, {
    execArgv: required ? [first, rest[0] as string] : [],
    env: { PATH: process.env['PATH'], NODE_ENV: 'production' },
  })
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  return { process: child, port, rates: [], costs: [], garbage: [] }
}

async function measure({ process: child, port, rates, costs, garbage }: Started, connections: number): Promise<void> {
  await used(child)
  const answered = await drive(port, DURATION, connections)
  const { processor, allocated } = await used(child)
  rates.push(answered / DURATION)
  costs.push(processor / answered)
  if (allocated > 0) garbage.push(allocated / answered)
}

/** Since it was asked last: microseconds of processor time, and bytes. */
async function used(child: ChildProcess): Promise<{ readonly processor: number; readonly allocated: number }> {
  child.send({})
  const [answer] = (await once(child, 'message')) as [{ processor: number; allocated: number }]
  return answer
}

/** Asks for as many seconds; returns how often it was answered. */
async function drive(port: number, seconds: number, connections: number): Promise<number> {
  const url = `http://127.0.0.1:${port}/shops/north/orders`
  const options = [
    '-c',
    String(connections),
    '-d',
    String(seconds),
    '-m',
    'POST',
    '-H',
    'content-type=application/json',
  ]
  const { stdout } = await execute(process.execPath, [
    autocannon,
    ...options,
    '-b',
    ORDER,
    '--json',
    '--no-progress',
    url,
  ])
  const result = JSON.parse(stdout) as Record<'2xx' | 'non2xx' | 'errors', number>
  if (result.non2xx + result.errors > 0) throw new Error(`not answered: ${stdout}`)
  return result['2xx']
}

function rows(running: Running): string {
  const header = ['', 'requests/s', 'middle half', 'of plain', 'processor time, µs', 'least', 'of plain', 'garbage, kB']
  const { plain } = running
  return table(
    header,
    CONTENDERS.map(name => {
      const { rates, costs, garbage } = running[name]
      return [
        LABELS[name],
        median(rates).toFixed(0),
        `${quantile(rates, 0.25).toFixed(0)}–${quantile(rates, 0.75).toFixed(0)}`,
        percent(inTurn(rates, plain.rates)),
        median(costs).toFixed(1),
        Math.min(...costs).toFixed(1),
        percent(inTurn(costs, plain.costs)),
        garbage.length === 0 ? '' : (median(garbage) / 1_000).toFixed(1),
      ]
    }),
  )
}

/** The median of ratios within a round: what else the machine did then hit both. */
function inTurn(figures: readonly number[], plain: readonly number[]): number {
  return median(figures.map((figure, i) => figure / (plain[i] as number)))
}

function percent(ratio: number): string {
  return `${(ratio * 100).toFixed(1)} %`
}
