/**
 * What it costs to instrument a whole library: zod's TypeScript sources, as its package ships them, every function of
 * them. Beside the parse alone, which nobody can do without, and istanbul's instrumenter; the contenders take
 * turns file by file, so that a machine whose speed drifts is as fast for one as for the other. `npm run bench:transform`; more
 * rounds: `npm run bench:transform -- 20`.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createInstrumenter } from 'istanbul-lib-instrument'
import { parseSync } from 'oxc-parser'
import { instrument } from 'span-tree/transformer'

const root = fileURLToPath(new URL('../../node_modules/zod/src/', import.meta.url))
const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter(file => file.endsWith('.ts') && !/(?:tests?|benchmarks)\//.test(file))
  .map(file => ({ filename: join(root, file), code: readFileSync(join(root, file), 'utf8') }))

const istanbul = createInstrumenter({ esModules: true, produceSourceMap: true, parserPlugins: ['typescript'] })
const options = { root, include: ['**'], skipTrivial: false }

const CONTENDERS: Readonly<Record<string, (code: string, filename: string) => unknown>> = {
  'oxc-parser, the parse alone': (code, filename) => parseSync(filename, code).program,
  'span-tree, with source maps': (code, filename) => String(instrument(code, { ...options, filename }).map),
  'the parse alone, raw transfer': (code, filename) =>
    parseSync(filename, code, { experimentalRawTransfer: true } as object).program,
  'span-tree as in bundlers and tspc (raw transfer)': (code, filename) =>
    String(instrument(code, { ...options, filename, fastParse: true }).map),
  'istanbul-lib-instrument, with source maps': (code, filename) => {
    istanbul.instrumentSync(code, filename)
    return JSON.stringify(istanbul.lastSourceMap())
  },
}

const rounds = Number(process.argv[2] ?? 7)
const megabytes = files.reduce((sum, { code }) => sum + Buffer.byteLength(code), 0) / 1e6
const figures = new Map(Object.keys(CONTENDERS).map(name => [name, [] as number[]]))

for (let round = 0; round <= rounds; round++) {
  process.stderr.write(`\rround ${round} of ${rounds}`)
  const times = runAll()
  // The first round warms the compiler up.
  if (round > 0) for (const [name, ms] of times) figures.get(name)?.push(ms / megabytes)
}
process.stderr.write(`\r${' '.repeat(30)}\r`)
print()

/** Milliseconds that each contender takes for all files. */
function runAll(): Map<string, number> {
  const times = new Map(Object.keys(CONTENDERS).map(name => [name, 0]))
  for (const { code, filename } of files) {
    for (const [name, transform] of Object.entries(CONTENDERS)) {
      const start = performance.now()
      transform(code, filename)
      times.set(name, (times.get(name) as number) + performance.now() - start)
    }
  }
  return times
}

function print(): void {
  const [parse, , , , istanbulTime] = [...figures.values()].map(median) as [number, number, number, number, number]
  console.log(`${files.length} files, ${megabytes.toFixed(2)} MB, Node ${process.versions.node}, ${rounds} rounds\n`)
  console.log(`${'ms a MB, median (fastest)'.padEnd(68)}× the parse   istanbul is`)
  for (const [name, values] of figures) {
    const own = median(values)
    const cells = [own.toFixed(0).padStart(8), `(${Math.min(...values).toFixed(0)})`.padEnd(9)]
    const ratios = [`${(own / parse).toFixed(2)} ×`.padStart(8), `${(istanbulTime / own).toFixed(1)} ×`.padStart(12)]
    console.log(`${name.padEnd(50)}${cells.join(' ')}${ratios.join('')}`)
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[sorted.length >> 1] as number
}
