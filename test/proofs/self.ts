/**
 * span-tree's own tests, on span-tree as it is and on a span-tree of which every function is instrumented by itself: the
 * outcomes must be the same, test by test. `npm run proof:self -- [--keep] [test files or folders]`; `--keep` leaves the
 * copies where they are.
 */
import { rmSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { FILES, TITLES } from '../self/excluded.ts'
import { copyRepository, instrumentCopy } from '../self/instrumented-copy.ts'
import { observed } from '../self/observer.ts'
import { type Outcomes, runTests } from '../self/run-tests.ts'

const { values, positionals } = parseArgs({ options: { keep: { type: 'boolean' } }, allowPositionals: true })

const copies = { plain: copyRepository(), instrumented: copyRepository() }
const { files, functions, refused, diagnostics } = instrumentCopy(copies.instrumented)
console.log(`${functions} functions in ${files} files instrumented, ${refused.length} refused`)
for (const line of [...refused, ...diagnostics]) console.log(`  ${line}`)

const plain = await runTests(copies.plain, positionals)
console.log(`plain: ${summary(plain)}`)
const instrumented = await runTests(copies.instrumented, positionals)
console.log(`instrumented: ${summary(instrumented)}`)
const { traces, spans } = observed(copies.instrumented)
console.log(`the observer saw ${spans} calls in ${traces} traces of the test processes`)

const names = new Set([...plain.keys(), ...instrumented.keys()])
const differing = [...names].filter(name => outcome(plain, name) !== outcome(instrumented, name))
for (const name of differing) console.log(`DIFFERS ${name}\n${plain.get(name)}\n${instrumented.get(name)}`)
for (const [name, reason] of Object.entries({ ...FILES, ...TITLES })) console.log(`not run: ${name}: ${reason}`)
console.log(`${names.size} tests compared, ${differing.length} differ`)
process.exitCode = differing.length > 0 ? 1 : 0
if (values.keep) console.log(copies)
else for (const copy of Object.values(copies)) rmSync(copy, { recursive: true, force: true })

/** The first word: what follows says how a test failed, with figures of the run. */
function outcome(outcomes: Outcomes, name: string): string {
  return outcomes.get(name)?.split(' ')[0] ?? 'absent'
}

function summary(outcomes: Outcomes): string {
  const passed = [...outcomes.keys()].filter(name => outcome(outcomes, name) === 'passed')
  return `${passed.length} of ${outcomes.size} tests passed`
}
