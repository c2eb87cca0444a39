/**
 * Thousands of generated programs, plain and instrumented, by both renderers: none can tell the difference.
 * `npm run proof:programs -- [programs a renderer, 5000] [seed]`
 */
import { checkPrograms } from '../transparency/check-programs.ts'
import { renderers } from '../transparency/renderers.ts'

const runs = Number(process.argv[2] ?? 5_000)
const seed = Number(process.argv[3] ?? Date.now() % 1_000_000)

const results = await Promise.allSettled(renderers.map(({ name }) => checkPrograms(name, runs, seed)))
for (const [i, result] of results.entries()) {
  const name = renderers[i]?.name
  if (result.status === 'fulfilled') console.log(`${name}, seed ${seed}:`, result.value)
  else console.error(`${name}, seed ${seed}:\n${(result.reason as Error).message}`)
}
process.exitCode = results.some(({ status }) => status === 'rejected') ? 1 : 0
