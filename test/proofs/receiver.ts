/**
 * Kills `span-tree serve` by kill -9 under load fifty times, at random moments: every span that was acknowledged is there, once. More
 * often: `npm run proof:receiver -- 200`.
 */
import { killUnderLoad } from '../receiver/kill.ts'
import { newFile } from '../receiver/running.ts'

const times = Number(process.argv[2] ?? 50)
const kept = await killUnderLoad(newFile(), times, () => Math.random() * 400)
console.log(
  `killed ${times} times; acknowledged ${kept.acknowledged} traces, kept unheard ${kept.unheard}, wrong ${kept.wrong.length}`,
)
for (const wrong of kept.wrong.slice(0, 20)) console.log(`  ${wrong}`)
if (kept.wrong.length > 0 || kept.acknowledged === 0) process.exitCode = 1
