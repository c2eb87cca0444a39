// Workers, messages, a pool and a forked process on a Node that span-tree does not know: all work, and it is said what is not linked.
import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { Piscina } from 'piscina'
import { getLogger } from 'span-tree'
import { links } from 'span-tree/link'
import { record, recorded } from './names.mjs'

const log = getLogger('main')
const file = name => new URL(name, import.meta.url)
record()

await log.span('main', async () => {
  const worker = new Worker(file('echo.mjs'))
  log.span('asks', () => worker.postMessage('question'))
  assert.deepEqual(await once(worker, 'message'), ['question, echoed'])
  const pool = new Piscina({ filename: file('pool-task.mjs').href, maxThreads: 1 })
  assert.equal(await pool.run({ id: 'x', parent: 'none', ms: 1 }), 'x')
  await pool.destroy()
  const child = fork(file('child.mjs').pathname)
  const [flags] = await once(child, 'message')
  assert.ok(!flags.includes('worker-hook'), flags)
  child.send('question')
  assert.equal((await once(child, 'message'))[0], 'question, echoed')
  child.disconnect()
  await once(child, 'exit')
})
// Nothing says who asked: what the worker did is a trace of its own.
let trees = ''
while (!/^handle question$/m.test(trees)) trees += `${await recorded()}\n`
assert.match(trees, /^main\[asks\]$/m)
const states = Object.fromEntries(links().map(({ name, state }) => [name, state]))
assert.equal(states['messages of workers'], 'unlinked')
assert.equal(states.piscina, 'unlinked')
console.log('all work')
process.exit()
