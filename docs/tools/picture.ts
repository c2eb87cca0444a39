/** Draws what `examples/test-trace` prints on a terminal of 100 columns as docs/picture.svg, for the README: `npm run picture`. */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { COMPILE, TEST_TRACE } from '../../examples/commands.ts'
import { ansiToSvg } from './ansi-to-svg.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

run(COMPILE)
// Once before, so that the picture's times are not those of a cold disk.
run(TEST_TRACE)
const svg = ansiToSvg(run(TEST_TRACE), { title: 'node --enable-source-maps dist/main.js', columns: 100 })
writeFileSync(new URL('../picture.svg', import.meta.url), svg)

/** What the command prints to standard error. */
function run([file, ...values]: readonly string[]): string {
  const env = { ...process.env, FORCE_COLOR: '1', SPAN_TREE: 'terminal' }
  const { status, stderr, error } = spawnSync(file as string, values, { cwd: root, env, encoding: 'utf8' })
  if (error) throw error
  if (status !== 0) throw new Error(`${file} ended with ${status}:\n${stderr}`)
  return stderr
}
