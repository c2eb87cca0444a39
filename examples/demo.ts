/** Runs the examples one after the other, as a user would. Trees go to standard error, what the programs say to standard output. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
// A person reads this, also where the output is piped.
const env = { ...process.env, SPAN_TREE: process.env['SPAN_TREE'] ?? 'terminal' }

function run(title: string, command: readonly string[]): void {
  console.log(`\n${title}\n$ ${command.join(' ').replace('node dist/cli/main.js', 'span-tree')}\n`)
  const [file, ...values] = command as [string, ...string[]]
  const { status, error } = spawnSync(file, values, { cwd: root, env, stdio: 'inherit' })
  if (error) throw error
  if (status !== 0) process.exit(status ?? 1)
}

run('1. A program compiled by tspc: one line in tsconfig, and @span on a class.', ['tspc', '-p', 'examples/test-trace'])
run('   It runs as any other.', ['node', 'examples/test-trace/dist/main.js'])
run("2. A library's TypeScript sources, instrumented by a glob as they are loaded.", [
  'node',
  'dist/cli/main.js',
  'run',
  '--include',
  'examples/instrument-a-library/**',
  'node_modules/zod/src/v4/**',
  '--',
  'node',
  '--conditions=@zod/source',
  'examples/instrument-a-library/validate-lock.ts',
])
