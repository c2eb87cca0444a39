/**
 * What tracing costs a service on fastify: plain, with every function instrumented and a span for each request, and with OpenTelemetry's own
 * instrumentation. Each contender runs in processes of its own that take turns, asked by autocannon from another process. `npm run bench:http`;
 * more rounds: `npm run bench:http -- 20`; into docs/benchmarks.md: `npm run bench:http -- --write`.
 */
import { type ChildProcess, execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import { promisify } from 'node:util'
import { benchArguments, machine, median, quantile, table, writeSection } from '../report.ts'
import { autocannon, CONTENDERS, type Contender, install } from './installed.ts'

/** Seconds. */
const WARM_UP = 2
const DURATION = 4
const CONNECTIONS = 20
const ITEMS = 3

const LABELS: Record<Contender, string> = {
  plain: 'no tracing',
  'span-tree': 'span-tree, every function',
  'span-tree-built': 'span-tree, every trace made into a tree',
  opentelemetry: 'OpenTelemetry JS, http and fastify only',
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
const commands = install()
const figures = Object.fromEntries(CONTENDERS.map(name => [name, { rates: [], costs: [] }])) as unknown as Record<
  Contender,
  Figures
>
for (let round = 0; round < rounds; round++) {
  for (const contender of CONTENDERS) {
    process.stderr.write(`\rround ${round + 1} of ${rounds}: ${LABELS[contender]}`.padEnd(78))
    const { rate, cost } = await measure(contender)
    figures[contender].rates.push(rate)
    figures[contender].costs.push(cost)
  }
}
process.stderr.write(`\r${' '.repeat(78)}\r`)
const report = `${machine()}; ${rounds} rounds of ${DURATION} s, ${CONNECTIONS} connections.\n\n${rows()}`
console.log(report)
if (write) writeSection('http', report)

async function measure(contender: Contender): Promise<{ rate: number; cost: number }> {
  const [first = '', ...rest] = commands[contender]
  const required = first === '--require'
  const server = fork(required ? (rest[1] as string) : first, {
    execArgv: required ? [first, rest[0] as string] : [],
    env: { PATH: process.env['PATH'], NODE_ENV: 'production' },
  })
  try {
    const [{ port }] = (await once(server, 'message')) as [{ port: number }]
    await drive(port, WARM_UP)
    const before = await processorTime(server)
    const answered = await drive(port, DURATION)
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
async function drive(port: number, seconds: number): Promise<number> {
  const url = `http://127.0.0.1:${port}/shops/north/orders`
  const options = [
    '-c',
    String(CONNECTIONS),
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

function rows(): string {
  const header = ['a service on fastify', 'requests/s', 'middle half', 'of plain', 'processor time, µs', 'of plain']
  const plain = figures.plain
  return table(
    header,
    CONTENDERS.map(name => {
      const { rates, costs } = figures[name]
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
