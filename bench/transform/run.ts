/**
 * What it costs to instrument a whole library, every function of it. Beside the parse alone, which nobody can do without,
 * istanbul's instrumenter and orchestrion's. Each contender runs in processes of its own, so that nobody pays for another's
 * garbage, and the processes take turns. `npm run bench:transform`; more of them: `npm run bench:transform -- 10`; into
 * docs/benchmarks.md: `npm run bench:transform -- --write`.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { instrument } from 'span-tree/transformer'
import { benchArguments, machine, median, quantile, table, writeSection } from '../report.ts'
import { BARE_PARSE, contenders, ISTANBUL } from './contenders.ts'
import { LIBRARY, LIBRARY_ROOT, megabytes } from './library.ts'
import { orchestrionNote } from './orchestrion.ts'

const HEADER = ['', 'ms a MB', 'middle half', 'bare parses', 'istanbul takes']
const { rounds: processes, write } = benchArguments(3)
/** Milliseconds of processor time a megabyte, round by round. */
const figures = new Map(contenders(LIBRARY_ROOT).map(({ name }) => [name, [] as number[]]))

for (let i = 0; i < processes; i++) {
  for (const [name, values] of figures) {
    process.stderr.write(`\rprocess ${i + 1} of ${processes}: ${name}`.padEnd(78))
    values.push(...measure(name))
  }
}
process.stderr.write(`\r${' '.repeat(78)}\r`)

const report = `${summary()}\n\n${table(HEADER, rows())}\n\n${orchestrionNote()}`
console.log(report)
if (write) writeSection('transformer', report)

function measure(name: string): readonly number[] {
  const worker = fileURLToPath(new URL('worker.ts', import.meta.url))
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--no-warnings', worker, name], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${name} failed:\n${stderr}`)
  return JSON.parse(stdout) as number[]
}

function summary(): string {
  const options = { root: LIBRARY_ROOT, include: ['**'], skipTrivial: false, sourceMap: false }
  const functions = LIBRARY.reduce((sum, file) => sum + instrument(file.code, { ...options, ...file }).sites.length, 0)
  const library = `zod's sources, ${LIBRARY.length} files, ${megabytes().toFixed(2)} MB, ${functions} functions`
  return `${library}; ${machine()}; ${processes} processes each.`
}

function rows(): readonly (readonly string[])[] {
  const [parse, istanbul] = [BARE_PARSE, ISTANBUL].map(name => median(figures.get(name) as number[])) as [
    number,
    number,
  ]
  return [...figures].map(([name, values]) => {
    const own = median(values)
    const spread = `${quantile(values, 0.25).toFixed(0)}–${quantile(values, 0.75).toFixed(0)}`
    return [name, own.toFixed(0), spread, `${(own / parse).toFixed(1)} ×`, `${(istanbul / own).toFixed(1)} ×`]
  })
}
