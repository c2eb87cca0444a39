/**
 * The ECMAScript conformance suite, plain and with every function instrumented: the outcomes must be the same, test by test.
 * `npm run proof:test262 -- <checkout of tc39/test262> [--renderer ast] [folder …]`. Scripts only: what the suite
 * marks as modules is left out, and counted.
 */
import { readdirSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type Job, Pool } from '../support/worker-pool.ts'

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
  'language/asi',
  'built-ins/Promise',
  'built-ins/GeneratorPrototype',
  'built-ins/GeneratorFunction',
  'built-ins/AsyncGeneratorPrototype',
  'built-ins/AsyncGeneratorFunction',
  'built-ins/AsyncIteratorPrototype',
  'built-ins/AsyncFunction',
]

/** One file of the suite, in all the modes that it is to be run in. */
export interface Comparison {
  readonly mode: string
  readonly plain: string
  readonly instrumented: string
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { renderer: { type: 'string', default: 'text' }, workers: { type: 'string', default: '2' } },
})
const [checkout, ...folders] = positionals
if (checkout === undefined) throw new Error('give the path of a checkout of tc39/test262')
const root = resolve(checkout)
const files = (folders.length > 0 ? folders : FOLDERS).flatMap(folder => testsIn(join(root, 'test', folder)))

const counts = { compared: 0, passing: 0, modules: 0, differing: 0 }
const pool = new Pool(new URL('./test262-worker.ts', import.meta.url), Number(values.workers), 20_000)
await pool.run(
  files.map((file): Job => ({ root, file, renderer: values.renderer })),
  report,
)
process.stderr.write('\n')
console.log(
  `${values.renderer}: ${counts.compared} runs of ${files.length} files compared, ${counts.passing} of them pass plain; ` +
    `${counts.modules} files are modules; ${counts.differing} differ`,
)
process.exitCode = counts.differing > 0 ? 1 : 0

function testsIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.js') && !file.includes('_FIXTURE'))
    .map(file => join(folder, file))
    .sort()
}

function report({ file }: Job, result: unknown): void {
  const comparisons = result as readonly Comparison[] | undefined
  if (comparisons === undefined) {
    differ(file as string, 'no answer within the time')
    return
  }
  if (comparisons.length === 0) counts.modules++
  for (const { mode, plain, instrumented } of comparisons) {
    counts.compared++
    if (plain === 'pass') counts.passing++
    if (plain !== instrumented)
      differ(file as string, `${mode}\n  plain:        ${plain}\n  instrumented: ${instrumented}`)
  }
  if (counts.compared % 500 === 0) process.stderr.write(`\r${counts.compared} runs, ${counts.differing} differ `)
}

function differ(file: string, what: string): void {
  counts.differing++
  console.log(`${relative(root, file)}: ${what}`)
}
