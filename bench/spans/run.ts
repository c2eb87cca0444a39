/**
 * What a span costs, beside two readings of the clock and beside OpenTelemetry JS. Each contender runs in processes of its own, and the
 * processes take turns, so that a machine whose speed drifts is as fast for one as for the other. Prints
 * medians over all rounds with the fastest round, and ratios to the clock. `npm run bench`; more rounds: `npm run bench -- 20`.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const CONTENDERS = ['plain', 'clock', 'span-tree-off', 'span-tree', 'span-tree-json', 'opentelemetry'] as const
type Contender = (typeof CONTENDERS)[number]
const WORKLOADS = { leaves: 'synchronous leaf', outer: 'three nested', steps: 'async, one await' } as const
type Workload = keyof typeof WORKLOADS
type Figures = Record<Workload, number[]>

const LABELS: Record<Contender, string> = {
  plain: 'no tracing',
  clock: 'two clock readings',
  'span-tree-off': 'span-tree, off',
  'span-tree': 'span-tree',
  'span-tree-json': 'span-tree, JSON lines',
  opentelemetry: 'OpenTelemetry JS, BatchSpanProcessor',
}

const processes = Number(process.argv[2] ?? 5)
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
print()

function measure(contender: Contender): Figures {
  const worker = fileURLToPath(new URL('worker.ts', import.meta.url))
  const { stdout, stderr, status } = spawnSync(process.execPath, [worker, contender, String(rounds)], {
    encoding: 'utf8',
    // Nobody's test runner, nobody's terminal.
    env: { PATH: process.env['PATH'], NODE_NO_WARNINGS: '1' },
  })
  if (status !== 0) throw new Error(`${contender} failed:\n${stderr}`)
  return JSON.parse(stdout.trim().split('\n').at(-1) as string) as Figures
}

function print(): void {
  console.log(
    `ns a span, median (fastest round); Node ${process.versions.node}, ${processes} processes of ${rounds} rounds\n`,
  )
  for (const [workload, label] of Object.entries(WORKLOADS) as [Workload, string][]) {
    const floor = median(figures.plain[workload])
    const clock = median(figures.clock[workload])
    const rival = median(figures.opentelemetry[workload])
    console.log(`${label}`)
    for (const contender of CONTENDERS) {
      const values = figures[contender][workload]
      const own = median(values)
      const cells = [own.toFixed(0), `(${Math.min(...values).toFixed(0)})`, (own - floor).toFixed(0)]
      const ratios = [`${(own / clock).toFixed(2)} × clock`, `OpenTelemetry is ${(rival / own).toFixed(1)} ×`]
      const [ns, best, above] = cells as [string, string, string]
      console.log(
        `  ${LABELS[contender].padEnd(38)}${ns.padStart(7)} ${best.padEnd(8)} +${above.padEnd(7)} ${ratios.join(', ')}`,
      )
    }
    console.log()
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[sorted.length >> 1] as number
}
