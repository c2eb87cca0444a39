/**
 * What a span costs, beside two readings of the clock and beside OpenTelemetry JS. Each contender runs in processes of its own, and the
 * processes take turns, so that a machine whose speed drifts is as fast for one as for the other. Prints
 * medians over all rounds with the fastest round, and ratios to the clock; then what spans allocate, and what a million traces leave
 * behind. `npm run bench`; more rounds: `npm run bench -- 20`; into docs/benchmarks.md: `npm run bench -- --write`.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { benchArguments, machine, median, table, writeSection } from '../report.ts'

const CONTENDERS = [
  'plain',
  'clock',
  'span-tree-off',
  'span-tree-unsampled',
  'span-tree',
  'span-tree-http',
  'span-tree-json',
  'span-tree-otlp',
  'opentelemetry',
  'plain+4',
  'span-tree+4',
  'opentelemetry+4',
] as const
type Contender = (typeof CONTENDERS)[number]
const WORKLOADS = { leaves: 'synchronous leaf', outer: 'three nested', steps: 'async, one await' } as const
type Workload = keyof typeof WORKLOADS
type Figures = Record<Workload, number[]>

const LABELS: Record<Contender, string> = {
  plain: 'no tracing',
  clock: 'two clock readings',
  'span-tree-off': 'span-tree, off',
  'span-tree-unsampled': 'span-tree, unsampled',
  'span-tree': 'span-tree',
  'span-tree-http': 'span-tree, batches to a receiver',
  'span-tree-json': 'span-tree, JSON lines',
  'span-tree-otlp': 'span-tree, OTLP to a collector',
  opentelemetry: 'OpenTelemetry JS, BatchSpanProcessor',
  'plain+4': 'no tracing, four other stores',
  'span-tree+4': 'span-tree, four other stores',
  'opentelemetry+4': 'OpenTelemetry JS, four other stores',
}
/** Whose bytes are counted. */
const COUNTED = ['plain', 'span-tree-off', 'span-tree-unsampled', 'span-tree', 'opentelemetry'] as const
/** Nothing is collected while a round counts. */
const COUNTING = ['--expose-gc', '--min-semi-space-size=256', '--max-semi-space-size=256']

const HEADER = ['ns a span', 'fastest', 'above no tracing', 'times the clock', 'OpenTelemetry takes']
const { rounds: processes, write } = benchArguments(5)
const rounds = 9
const figures = Object.fromEntries(
  CONTENDERS.map(name => [name, { leaves: [], outer: [], steps: [] }]),
) as unknown as Record<Contender, Figures>

for (let i = 0; i < processes; i++) {
  for (const contender of CONTENDERS) {
    process.stderr.write(`\rprocess ${i + 1} of ${processes}: ${LABELS[contender]}`.padEnd(78))
    const measured = measure(contender)
    for (const workload of Object.keys(WORKLOADS) as Workload[])
      figures[contender][workload].push(...measured[workload])
  }
}
process.stderr.write(`\r${' '.repeat(78)}\r`)
const report = `${machine()}; ${processes} processes of ${rounds} rounds.\n\n${tables()}\n\n${allocated()}\n\n${retained()}`
console.log(report)
if (write) writeSection('spans', report)

function measure(contender: Contender): Figures {
  return ask('worker.ts', [contender, String(rounds)]) as Figures
}

/** What a script of this folder prints last, as JSON. */
function ask(script: string, parameters: readonly string[], flags: readonly string[] = []): unknown {
  const path = fileURLToPath(new URL(script, import.meta.url))
  const { stdout, stderr, status } = spawnSync(process.execPath, [...flags, path, ...parameters], {
    encoding: 'utf8',
    // Nobody's test runner, nobody's terminal.
    env: { PATH: process.env['PATH'], NODE_NO_WARNINGS: '1' },
  })
  if (status !== 0) throw new Error(`${script} ${parameters.join(' ')} failed:\n${stderr}`)
  return JSON.parse(stdout.trim().split('\n').at(-1) as string)
}

/** Bytes a span: the median of the rounds. */
function allocated(): string {
  const rows = COUNTED.map(contender => {
    const bytes = ask('memory.ts', [contender], COUNTING) as Figures
    return [LABELS[contender], ...(Object.keys(WORKLOADS) as Workload[]).map(name => median(bytes[name]).toFixed(0))]
  })
  return table(['bytes allocated a span', ...Object.values(WORKLOADS)], rows)
}

function retained(): string {
  const { traces, before, after } = ask('retained.ts', [], ['--expose-gc']) as Readonly<Record<string, number>>
  const megabytes = (bytes = 0): string => `${(bytes / 1e6).toFixed(1)} MB`
  const row = [String(traces), megabytes(before), megabytes(after)]
  return table(['traces', 'heap before', 'heap after'], [row])
}

/** A table for each workload: nanoseconds. */
function tables(): string {
  return (Object.keys(WORKLOADS) as Workload[])
    .map(workload =>
      table(
        [WORKLOADS[workload], ...HEADER],
        CONTENDERS.map(each => row(each, workload)),
      ),
    )
    .join('\n\n')
}

function row(contender: Contender, workload: Workload): readonly string[] {
  const values = figures[contender][workload]
  const own = median(values)
  const stores = contender.endsWith('+4') ? '+4' : ''
  const [floor, clock, rival] = ([`plain${stores}`, 'clock', `opentelemetry${stores}`] as const).map(of =>
    median(figures[of][workload]),
  )
  const above = (own - (floor as number)).toFixed(0)
  const ratios = [`${(own / (clock as number)).toFixed(2)} ×`, `${((rival as number) / own).toFixed(1)} ×`]
  return [LABELS[contender], own.toFixed(0), Math.min(...values).toFixed(0), above, ...ratios]
}
