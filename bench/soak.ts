/**
 * A mixed program, instrumented, for ten minutes (`npm run soak -- 2`: two): synchronous and asynchronous calls, errors, hot loops, generators,
 * work that outlives its trace, worker threads, batches to a receiver. The heap is looked at after full collections, handles at the end.
 * Exits with 1 where memory grows, something is left, or spans are missing.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const [minutes = '10'] = process.argv.slice(2)
const program = fileURLToPath(new URL('soak/run.ts', import.meta.url))
const { status } = spawnSync(process.execPath, ['--expose-gc', '--no-warnings', program, minutes], {
  stdio: 'inherit',
  env: { PATH: process.env['PATH'] },
})
process.exit(status ?? 1)
