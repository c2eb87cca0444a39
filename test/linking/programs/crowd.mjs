// Several traces at once, each with steps that ask workers and processes, shared ones and their own, and give tasks to a pool and to a
// queue; prints the report as JSON. Arguments: the traces, as JSON.

import pLimit from 'p-limit'
import { Piscina } from 'piscina'
import { ask, close, open } from './relays.mjs'
import { collect, randomly, report, sleep, spanned } from './tree.mjs'

const { traces = 4, steps = 4, forks = 1, seed = 1 } = JSON.parse(process.argv[2] ?? '{}')
const random = randomly(seed)
const below = limit => Math.floor(random() * limit)
let [spans, left] = [0, forks]

collect()
const pool = new Piscina({ filename: new URL('pool-task.mjs', import.meta.url).href, maxThreads: 1 })
const limit = pLimit(2)
const shared = [await opened('worker', 'shared0', 'none', 1), await opened('fork', 'shared1', 'none', 1)]

/** `id.start` and `id.ready`, and as much for each worker below. */
function opened(kind, id, parent, depth) {
  spans += 2 * (depth + 1)
  return open(kind, id, parent, depth)
}

/** Question and answer, and those of what is below. */
function asked(end, id, parent, depth) {
  spans += 2 * (depth + 1)
  return ask(end, id, parent, below(6))
}

function span(id, parent, fn) {
  spans++
  return spanned(id, parent, fn)
}

async function own(kind, id, parent) {
  const depth = kind === 'worker' ? below(2) : 0
  const end = await opened(kind, `${id}.own`, parent, depth)
  await Promise.all([asked(end, `${id}.own.a`, parent, depth), asked(end, `${id}.own.b`, parent, depth)])
  await close(end)
}

const ACTIONS = [
  (id, parent) => asked(shared[0], `${id}.asks0`, parent, 1),
  (id, parent) => asked(shared[1], `${id}.asks1`, parent, 1),
  (id, parent) => span(`${id}.asks`, parent, () => asked(shared[below(2)], `${id}.asks.it`, `${id}.asks`, 1)),
  (id, parent) => own(left-- > 0 ? 'fork' : 'worker', id, parent),
  (id, parent) => {
    spans += 2
    return pool.run({ id: `${id}.pool`, parent, ms: below(8) })
  },
  (id, parent) =>
    limit(async () => {
      await sleep(below(5))
      await span(`${id}.limit`, parent, () => asked(shared[below(2)], `${id}.limit.asks`, `${id}.limit`, 1))
    }),
]

function step(id, parent) {
  return span(id, parent, async () => {
    await sleep(below(5))
    const some = Array.from({ length: 1 + below(3) }, (_, i) => ACTIONS[below(ACTIONS.length)](`${id}.${i}`, id))
    await Promise.all(some)
    if (random() < 0.5) await ACTIONS[below(3)](`${id}.last`, id)
  })
}

async function trace(id) {
  await span(id, undefined, () => Promise.all(Array.from({ length: steps }, (_, i) => step(`${id}.${i}`, id))))
}

await Promise.all([
  ...Array.from({ length: traces }, (_, i) => trace(`t${i}`)),
  asked(shared[0], 'outside0', 'none', 1),
  asked(shared[1], 'outside1', 'none', 1),
])
await Promise.all(shared.map(close))
await pool.destroy()
console.log(JSON.stringify({ ...(await report()), expected: spans }))
process.exit()
