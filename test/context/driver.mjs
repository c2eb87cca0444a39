// Runs generated programs, traced by span-tree and by the oracle, and prints what they disagree in, as JSON.
// Arguments: the folder of the programs, and how many there are.
import { pathToFileURL } from 'node:url'
import { configure, flush, getLogger } from 'span-tree'
import { $settle } from './helpers.mjs'
import { calls } from './oracle.mjs'

const [folder, count] = process.argv.slice(2)
const load = name => import(pathToFileURL(`${folder}/${name}`).href)

/** Programs that run at the same time. */
const TOGETHER = 20

const spans = new Map()
const visit = span => {
  spans.set(span.id, span)
  for (const child of span.children) visit(child)
}
configure({ exporters: [{ export: tree => visit(tree.root) }], waitForTasks: 20 })

// Programs leave rejections behind on purpose.
process.on('unhandledRejection', () => {})

const logger = getLogger('oracle')
globalThis.$id = id => logger.extra({ id })

const report = { edges: 0, closer: 0, wrong: [] }
const programs = await Promise.all(
  Array.from({ length: Number(count) }, (_, i) => Promise.all([load(`traced-${i}.mjs`), load(`oracle-${i}.mjs`)])),
)
for (let i = 0; i < programs.length; i += TOGETHER) {
  const batch = programs.slice(i, i + TOGETHER)
  spans.clear()
  calls.clear()
  await runAll(
    batch.map(([traced]) => traced),
    i,
  )
  await flush()
  await runAll(
    batch.map(([, oracle]) => oracle),
    i,
  )
  compare()
}
console.log(JSON.stringify(report))

/** Two roots a program, all at once, so that their tasks interleave; ids begin with the program's number. */
async function runAll(batch, first) {
  await Promise.allSettled(batch.flatMap(({ main }, i) => [main(`${first + i}a`), main(`${first + i}b`)]))
  await $settle()
}

function compare() {
  const seen = new Map([...spans.values()].map(span => [span.attributes.id, span]))
  for (const [id, call] of calls) {
    report.edges++
    const span = seen.get(id)
    const parent = spans.get(span?.parentId)
    if (span === undefined) wrong(id, call.parent, 'no span')
    else if (parent?.attributes.id === call.parent) continue
    else if (isCloser(call, span, parent)) report.closer++
    else wrong(id, call.parent, parent?.attributes.id)
  }
  for (const id of seen.keys()) if (!calls.has(id)) wrong(id, 'no call', 'a span')
}

/**
 * A callback bound to a task, run on the stack of that same task's synchronous code: the oracle names the task, the tree
 * the synchronous call that ran it. Only that can be: the call is of the task and on the stack, so it runs at the time.
 */
function isCloser(call, span, parent) {
  const other = calls.get(parent?.attributes.id)
  if (!other?.sync || other.task !== call.task) return false
  return parent.startTime <= span.startTime && (parent.endTime === undefined || span.startTime <= parent.endTime)
}

function wrong(id, expected, actual) {
  report.wrong.push({ id: String(id), expected: String(expected), actual: String(actual) })
}
