/**
 * Positions, by every front end, over the fixtures, a library's sources and part of our own: every word of the program is
 * looked up in the maps of what was made with spans and without.
 * `npm run proof:positions -- [slice]`
 */
import { checkPositions } from '../positions/check.ts'

await checkPositions(process.argv[2] !== 'slice', ({ frontEnd, wrong, strange, ...counts }) => {
  console.log(frontEnd, counts, `${wrong.length} wrong, ${strange.length} strange sites`)
  for (const each of [...wrong, ...strange].slice(0, 10)) console.error(`  ${each}`)
  if (wrong.length + strange.length > 0) process.exitCode = 1
})
process.exit()
