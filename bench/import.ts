/**
 * What it takes to import span-tree: milliseconds of processor time above a bare Node, of processes that take turns. `npm run bench:import`.
 */
import { spawnSync } from 'node:child_process'
import { benchArguments, machine, median, table, writeSection } from './report.ts'

const IMPORTS = ['', 'span-tree/abi', 'span-tree'] as const
const { rounds, write } = benchArguments(20)
const figures = IMPORTS.map((): number[] => [])

for (let i = 0; i < rounds; i++) IMPORTS.forEach((specifier, k) => void figures[k]?.push(measure(specifier)))

const bare = figures[0] as number[]
const rows = IMPORTS.map((specifier, k) => {
  const own = figures[k] as number[]
  const above = (of: (values: readonly number[]) => number): string => (of(own) - of(bare)).toFixed(0)
  return [specifier || 'bare Node', median(own).toFixed(0), above(median), above(values => Math.min(...values))]
})
const report = `${machine()}; ${rounds} processes each.\n\n${table(['import', 'ms', 'above Node', 'least'], rows)}`
console.log(report)
if (write) writeSection('import', report)

function measure(specifier: string): number {
  const code = `${specifier && `await import('${specifier}')`}
    const { user, system } = process.cpuUsage()
    console.log((user + system) / 1_000)`
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', code], {
    encoding: 'utf8',
    cwd: import.meta.dirname,
    env: { PATH: process.env['PATH'] },
  })
  return Number(stdout)
}
