/**
 * What tracing costs a service on fastify: plain, with every function instrumented and a span for each request, and with OpenTelemetry's own
 * instrumentation. The service does what services do (`service.cjs`): parses, checks, asks a database that takes 1–2 ms three times, computes, and
 * answers with JSON; a second one (`bare.cjs`) does next to nothing but call its functions. Each contender runs in processes of its own that take
 * turns, asked by autocannon from another process over so many connections that the service's thread is busy all the time.
 * `npm run bench:http`; more rounds: `npm run bench:http -- 20`; into docs/benchmarks.md: `npm run bench:http -- --write`.
 */
import { type ChildProcess, execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import { promisify } from 'node:util'
import { benchArguments, machine, median, quantile, table, writeSection } from '../report.ts'
import { autocannon, CONTENDERS, type Contender, install, SERVICES, type Service } from './installed.ts'

/** Seconds. */
const WARM_UP = 2
const DURATION = 4
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
}

const { rounds, write } = benchArguments(5)
const command = install()
const figures = new Map<string, Figures>()
for (const service of SERVICES)
  for (const contender of CONTENDERS) figures.set(key(contender, service), { rates: [], costs: [] })
for (let round = 0; round < rounds; round++) {
  for (const service of SERVICES) {
    for (const contender of CONTENDERS) {
      process.stderr.write(`\rround ${round + 1} of ${rounds}: ${service}, ${LABELS[contender]}`.padEnd(78))
      const { rate, cost } = await measure(contender, service)
      const { rates, costs } = figuresOf(contender, service)
      rates.push(rate)
      costs.push(cost)
    }
  }
}
process.stderr.write(`\r${' '.repeat(78)}\r`)
const conditions = `${machine()}; ${rounds} rounds of ${DURATION} s.`
const report = [conditions, ...SERVICES.map(service => `${TITLES[service]}\n\n${rows(service)}`)].join('\n\n')
console.log(report)
if (write) writeSection('http', report)

function key(contender: Contender, service: Service): string {
  return `${service} ${contender}`
}

function figuresOf(contender: Contender, service: Service): Figures {
  return figures.get(key(contender, service)) as Figures
}

async function measure(contender: Contender, service: Service): Promise<{ rate: number; cost: number }> {
  const [first = '', ...rest] = command(contender, service)
  const required = first === '--require'
  const server = fork(required ? (rest[1] as string) : first, {
    execArgv: required ? [first, rest[0] as string] : [],
    env: { PATH: process.env['PATH'], NODE_ENV: 'production' },
  })
  try {
    const [{ port }] = (await once(server, 'message')) as [{ port: number }]
    await drive(port, WARM_UP, CONNECTIONS[service])
    const before = await processorTime(server)
    const answered = await drive(port, DURATION, CONNECTIONS[service])
    return { rate: answered / DURATION, cost: ((await processorTime(server)) - before) / answered }
  } finally {
    server.kill()
  }
}

/** Microseconds. */
async function processorTime(server: ChildProcess): Promise<number> {
  server.send({})
  const [{ processor }] = (await once(server, 'message')) as [{ processor: NodeJS.CpuUsage }]
  return processor.user + processor.system
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

function rows(service: Service): string {
  const header = ['', 'requests/s', 'middle half', 'of plain', 'processor time, µs', 'of plain']
  const plain = figuresOf('plain', service)
  return table(
    header,
    CONTENDERS.map(name => {
      const { rates, costs } = figuresOf(name, service)
      return [
        LABELS[name],
        median(rates).toFixed(0),
        `${quantile(rates, 0.25).toFixed(0)}–${quantile(rates, 0.75).toFixed(0)}`,
        percent(median(rates) / median(plain.rates)),
        median(costs).toFixed(1),
        percent(median(costs) / median(plain.costs)),
      ]
    }),
  )
}

function percent(ratio: number): string {
  return `${(ratio * 100).toFixed(1)} %`
}
