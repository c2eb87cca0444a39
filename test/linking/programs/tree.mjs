// What the programs have in common. Every span says its own id and the id of the span that it ought to be below.
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { configure, flush, getLogger } from 'span-tree'

const logger = getLogger('oracle')
export const sleep = ms => new Promise(done => setTimeout(done, ms))

/** Runs `fn` in a span of this id. */
export const spanned = (id, parent, fn) =>
  logger.span('step', () => {
    logger.extra({ id, parent: parent ?? 'none' })
    return fn()
  })

const spans = new Map()
const visit = span => {
  spans.set(span.id, span)
  for (const child of span.children) visit(child)
}
export const trees = []

const { TREES_FILE } = process.env

// A process of its own exports for itself.
if (process.send !== undefined && TREES_FILE) {
  const text = tree =>
    JSON.stringify({ root: tree.root, late: tree.late }, (_, value) =>
      typeof value === 'bigint' ? Number(value) : value,
    )
  configure({ exporters: [{ export: tree => appendFileSync(TREES_FILE, `${text(tree)}\n`) }] })
}

/** In the main thread: keeps what is exported. */
export function collect() {
  configure({ exporters: [{ export: tree => trees.push(tree) }], waitForTasks: 100 })
}

/** What was exported, as a report: how many spans, those with a wrong parent, and the figures of those that waited. */
export async function report() {
  await flush()
  const inTime = trees.length
  // What is below no span of this thread, or of another process, comes in a later turn.
  await sleep(150)
  await flush()
  if (TREES_FILE && existsSync(TREES_FILE)) {
    for (const line of readFileSync(TREES_FILE, 'utf8').trim().split('\n')) trees.push(JSON.parse(line))
  }
  for (const { root } of trees) visit(root)
  const wrong = []
  let [linked, queued] = [0, 0]
  const ids = new Set()
  for (const span of spans.values()) {
    const { id, parent } = span.attributes
    if (id === undefined) continue
    if (ids.has(id)) wrong.push({ id, twice: true })
    ids.add(id)
    const actual = spans.get(span.parentId)?.attributes.id ?? 'none'
    if (actual !== parent) wrong.push({ id, expected: parent, actual, root: span.parentId === undefined })
    if (/task\d+$/.test(id) && parent !== 'none') linked++
    if (span.queueDuration !== undefined) queued++
  }
  return { spans: ids.size, linked, queued, inTime, late: trees.filter(tree => tree.late).length, wrong }
}

/** The body of a task in a worker: a span, and one below it after a while. */
export const task = ({ id, parent, ms }) =>
  spanned(id, parent, async () => {
    await sleep(ms)
    return spanned(`${id}.inner`, id, () => id)
  })

/** Numbers from 0 to 1, the same for the same seed. */
export function randomly(seed) {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

/**
 * Several traces at once, each with steps that enqueue tasks: more than there are workers, so that most of them wait. Some are enqueued outside
 * any span. `enqueue(data)` gives a promise of the task's result.
 */
export async function runTraces(enqueue, { traces = 6, steps = 3, tasks = 3, seed = 1 } = {}) {
  const random = randomly(seed)
  const job = async parent => {
    const id = `${parent ?? 'x'}/task${job.count++}`
    const done = await enqueue({ id, parent: parent ?? 'none', ms: Math.floor(random() * 8) })
    if (done !== id) throw new Error(`${done} in place of ${id}`)
  }
  job.count = 0
  const step = (id, parent) =>
    spanned(id, parent, async () => {
      await sleep(random() * 5)
      await Promise.all(Array.from({ length: tasks }, () => job(id)))
      if (random() < 0.5) await job(id)
    })
  const trace = id =>
    spanned(id, undefined, async () => {
      await Promise.all(Array.from({ length: steps }, (_, i) => step(`${id}.${i}`, id)))
      await job(id)
    })
  await Promise.all([...Array.from({ length: traces }, (_, i) => trace(`t${i}`)), job(undefined), job(undefined)])
}
