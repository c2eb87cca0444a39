/** Runs the examples one after the other, as a user would. Trees go to standard error, what the programs say to standard output. */
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import kleur from 'kleur'
import { COMPILE, DATABASE, ERRORS, INSTRUMENT_A_LIBRARY, TEST_TRACE, TRACES, TWO_PROCESSES } from './commands.ts'

/** Columns: longer commands are broken before their options. */
const WIDTH = 100

const root = fileURLToPath(new URL('..', import.meta.url))
// A person reads this, also where the output is piped.
const env = { ...process.env, SPAN_TREE: process.env['SPAN_TREE'] ?? `terminal,sqlite:${join(root, DATABASE)}` }
for (const suffix of ['', '-wal', '-shm']) rmSync(join(root, DATABASE + suffix), { force: true })

step('1. A program compiled by tspc: one line in tsconfig.json names its sources, and that is all', COMPILE)
step('   It runs as it always did', TEST_TRACE)
step("2. A library's own TypeScript sources, instrumented as they are loaded, unchanged on disk", INSTRUMENT_A_LIBRARY)
if (env.SPAN_TREE.includes('sqlite:')) {
  step('3. Two processes with worker threads, which publish to a receiver: span-tree serve', [
    ...TWO_PROCESSES,
    DATABASE,
  ])
  step('4. All of it was kept: SPAN_TREE=terminal,sqlite:demo.db, and by the receiver', TRACES)
  step('   Errors in groups, to be marked once (span-tree annotate)', ERRORS)
  console.log(`\n${kleur.bold('Look at it in the terminal UI (? shows its keys):')}`)
  console.log(kleur.cyan(`  npx span-tree --db ${DATABASE}`))
  console.log(`\n${kleur.bold('Or ask:')}`)
  for (const what of ['trace <the beginning of an id>', 'slow', 'health', 'search declined'])
    console.log(kleur.cyan(`  npx span-tree ${what} --db ${DATABASE}`))
}

function step(title: string, command: readonly string[]): void {
  console.log(`\n${kleur.bold(title)}\n${kleur.cyan(`$ ${shown(command)}`)}\n`)
  const [file, ...values] = command as [string, ...string[]]
  const { status, error } = spawnSync(file, values, { cwd: root, env, stdio: 'inherit' })
  if (error) throw error
  if (status !== 0) process.exit(status ?? 1)
}

/** As a user would type it, where the package is installed. */
function shown(command: readonly string[]): string {
  const words = command.map(word => (/[*!{ ]/.test(word) ? `'${word}'` : word))
  const line = words.join(' ').replace('node dist/cli/main.js', 'npx span-tree')
  return line.length < WIDTH ? line : line.replaceAll(/ (--(?=include|functions|min| ))/g, ' \\\n    $1')
}
