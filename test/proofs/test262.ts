/**
 * The ECMAScript conformance suite, scripts and modules, plain and with every function instrumented: the outcomes must be
 * the same, test by test. `npm run proof:test262 -- <checkout of tc39/test262> [--renderer ast] [folder …]`.
 */
import { readdirSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type Job, Pool } from '../support/worker-pool.ts'
import type { Run, Variant } from './test262-worker.ts'

const FOLDERS = [
  'language/statements',
  'language/expressions',
  'language/function-code',
  'language/arguments-object',
  'language/eval-code',
  'language/directive-prologue',
  'language/computed-property-names',
  'language/statementList',
  'language/rest-parameters',
  'language/destructuring',
  'language/block-scope',
  'language/global-code',
  'language/comments',
  'language/module-code',
  'language/import',
  'language/export',
  'language/asi',
  'built-ins/Promise',
  'built-ins/GeneratorPrototype',
  'built-ins/GeneratorFunction',
  'built-ins/AsyncGeneratorPrototype',
  'built-ins/AsyncGeneratorFunction',
  'built-ins/AsyncIteratorPrototype',
  'built-ins/AsyncFunction',
]

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { renderer: { type: 'string', default: 'text' }, workers: { type: 'string', default: '2' } },
})
const [checkout, ...folders] = positionals
if (checkout === undefined) throw new Error('give the path of a checkout of tc39/test262')
const root = resolve(checkout)
const files = (folders.length > 0 ? folders : FOLDERS).flatMap(folder => testsIn(join(root, 'test', folder)))

const counts = { compared: 0, passing: 0, modules: 0, unanswered: 0, differing: 0 }
const lost: Job[] = []
const worker = new URL('./test262-worker.ts', import.meta.url)
const pool = new Pool(worker, Number(values.workers), 20_000, ['--experimental-vm-modules'])
await pool.run(
  files.map((file): Job => ({ root, file, renderer: values.renderer })),
  (job, answer) => (answer === undefined ? lost.push(job) : report(job, answer as readonly Run[])),
)
// What ends the engine, or keeps it busy, has to do so both ways.
for (const job of lost) report(job, [await apart(job)])
pool.close()
process.stderr.write('\n')
console.log(
  `${values.renderer}: ${counts.compared} runs of ${files.length} files compared, ${counts.passing} of them pass plain, ` +
    `${counts.modules} are modules; in ${counts.unanswered} the engine itself comes to no end; ${counts.differing} differ`,
)
process.exitCode = counts.differing > 0 ? 1 : 0

function testsIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.js') && !file.includes('_FIXTURE'))
    .map(file => join(folder, file))
    .sort()
}

async function apart(job: Job): Promise<Run> {
  const outcome = async (variant: Variant): Promise<string> => {
    const runs = (await pool.ask({ ...job, variants: [variant] })) as readonly Run[] | undefined
    return runs ? runs.map(run => run[variant]).join(', ') : 'no answer'
  }
  const [plain, instrumented] = [await outcome('plain'), await outcome('instrumented')]
  if (plain === 'no answer') counts.unanswered++
  return { mode: 'sloppy', plain, instrumented }
}

function report({ file }: Job, runs: readonly Run[]): void {
  for (const { mode, plain, instrumented } of runs) {
    counts.compared++
    if (plain === 'pass') counts.passing++
    if (mode === 'module') counts.modules++
    if (plain !== instrumented)
      differ(file as string, `${mode}\n  plain:        ${plain}\n  instrumented: ${instrumented}`)
  }
  if (counts.compared % 500 === 0) process.stderr.write(`\r${counts.compared} runs, ${counts.differing} differ `)
}

function differ(file: string, what: string): void {
  counts.differing++
  console.log(`${relative(root, file)}: ${what}`)
}
