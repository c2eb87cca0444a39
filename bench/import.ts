/**
 * What it takes to import span-tree: milliseconds of processor time, on all threads, from the start of the process until the module is
 * loaded, above a bare Node that loads nothing; and milliseconds that the `import()` itself takes. Processes take turns. `npm run bench:import`.
 */
import { spawnSync } from 'node:child_process'
import { benchArguments, machine, median, table, writeSection } from './report.ts'

interface Measured {
  readonly processor: number[]
  readonly elapsed: number[]
}

const IMPORTS = ['', 'span-tree/abi', 'span-tree'] as const
const { rounds, write } = benchArguments(40)
const figures = IMPORTS.map((): Measured => ({ processor: [], elapsed: [] }))

for (let i = 0; i < rounds; i++) IMPORTS.forEach((specifier, k) => void measure(specifier, figures[k] as Measured))

const least = (values: readonly number[]): number => Math.min(...values)
const bare = figures[0] as Measured
const rows = IMPORTS.map((specifier, k) => {
  const { processor, elapsed } = figures[k] as Measured
  const above = [median, least].map(of => of(processor) - of(bare.processor))
  const all = [median(processor), ...above, median(elapsed), least(elapsed)]
  return [specifier || 'bare Node', ...all.map(milliseconds => milliseconds.toFixed(0))]
})
const header = ['import', 'processor time, ms', 'above Node', 'least above least', 'import() takes, ms', 'least']
const report = `${machine()}; ${rounds} processes each.\n\n${table(header, rows)}`
console.log(report)
if (write) writeSection('import', report)

function measure(specifier: string, { processor, elapsed }: Measured): void {
  const code = `const start = performance.now()
    ${specifier && `await import('${specifier}')`}
    const took = performance.now() - start
    const { user, system } = process.cpuUsage()
    console.log(JSON.stringify([(user + system) / 1_000, took]))`
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', code], {
    encoding: 'utf8',
    cwd: import.meta.dirname,
    env: { PATH: process.env['PATH'] },
  })
  const [used, took] = JSON.parse(stdout) as [number, number]
  processor.push(used)
  elapsed.push(took)
}
