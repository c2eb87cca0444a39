// Tasks that wait in a queue of this thread. Throws where a parent, a figure or a value is wrong. `node queues.mjs [linked]`
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import pLimit, { limitFunction } from 'p-limit'
import PQueue from 'p-queue'
import { configure, flush, getLogger } from 'span-tree'

const linked = process.argv[2] === 'linked'
const log = getLogger('queues')
const sleep = ms => new Promise(done => setTimeout(done, ms))
const trees = []
configure({ exporters: [{ export: tree => trees.push(tree) }], waitForTasks: 2_000 })

/** Spans by name, with the names of their parents and whether they say how long they waited. */
async function spans() {
  await flush()
  const found = {}
  const visit = (span, above) => {
    found[span.name] = [above, span.queueDuration !== undefined]
    for (const child of span.children) visit(child, span.name)
  }
  for (const { root } of trees.splice(0)) visit(root, undefined)
  return found
}

/** What is begun at once, after a while, synchronously or by hand; only the first of them waited. */
async function figures(enqueue) {
  await Promise.all([
    log.span('a', async () => {
      await Promise.all([
        enqueue(() => log.span('a1', () => sleep(5))),
        enqueue(async () => {
          await sleep(1)
          await log.span('a2', () => sleep(1))
          log.span('a3', () => log.span('a4', () => {}))
        }),
        enqueue(() => 7),
      ])
      log.span('a5', () => {})
    }),
    log.span('b', async () => {
      assert.equal(await enqueue(() => log.span('b1', () => 'b1')), 'b1')
      await assert.rejects(
        enqueue(() => log.span('b2', () => Promise.reject(new Error('of b2')))),
        { message: 'of b2' },
      )
    }),
    enqueue(() => log.span('outside', () => {})),
  ])
  assert.deepEqual(await spans(), {
    a: [undefined, false],
    a1: ['a', linked],
    a2: ['a', linked],
    a3: ['a', false],
    a4: ['a3', false],
    a5: ['a', false],
    b: [undefined, false],
    b1: ['b', linked],
    b2: ['b', linked],
    outside: [undefined, false],
  })
}

/** A queue's task that is begun long after its trace was exported is an addition to it. */
async function late(enqueue) {
  configure({ waitForTasks: 0 })
  const blocked = enqueue(() => sleep(20))
  log.span('fast', () => {
    log.extra({ kept: true })
    enqueue(async () => {
      log.span('late1', () => {})
      await sleep(1)
      log.span('late2', () => {})
    })
  })
  await blocked
  await sleep(20)
  await flush()
  const [first, ...additions] = trees.splice(0).map(({ root, late }) => ({ root, late }))
  const named = additions.map(({ root, late }) => [root.name, root.parentId === first.root.id, late])
  assert.deepEqual(named.toSorted(), [
    ['late1', true, true],
    ['late2', true, true],
  ])
  assert.equal(additions.filter(({ root }) => root.queueDuration >= 1_000_000n).length, linked ? 1 : 0)
  configure({ waitForTasks: 2_000 })
}

async function limits() {
  const limit = pLimit(1)
  assert.deepEqual([pLimit.name, pLimit.length, limit.length, limit.concurrency], ['pLimit', 1, 1, 1])
  await figures(limit)
  await late(limit)
  const waiting = [limit(() => sleep(1)), limit(() => sleep(1))]
  await null
  assert.deepEqual([limit.activeCount, limit.pendingCount], [1, 1])
  limit.concurrency = 2
  assert.equal(limit.concurrency, 2)
  await Promise.all(waiting)
  assert.deepEqual(await limit((...given) => given, 1, 2), [1, 2])
  await log.span('map', async () => {
    assert.deepEqual(await limit.map([1, 2], (n, i) => log.span(`map${n}`, () => [n, i])), [
      [1, 0],
      [2, 1],
    ])
  })
  assert.deepEqual(await spans(), { map: [undefined, false], map1: ['map', linked], map2: ['map', linked] })
  assert.throws(() => pLimit(0), TypeError)
  await log.span('one', () => limitFunction(() => log.span('limited', () => {}), { concurrency: 1 })())
  assert.deepEqual(await spans(), { one: [undefined, false], limited: ['one', linked] })
}

async function queues() {
  class Own extends PQueue {
    count = 0
    add(...given) {
      this.count++
      return super.add(...given)
    }
  }
  for (const Queue of [PQueue, Own]) {
    const queue = new Queue({ concurrency: 1 })
    await figures(task => queue.add(task))
    await late(task => queue.add(task))
    assert.equal(queue.count, Queue === Own ? 8 : undefined)
  }
  const { add } = PQueue.prototype
  assert.deepEqual([add.name, add.length, Object.keys(PQueue.prototype)], ['add', 1, []])
  const queue = new PQueue()
  const { signal } = new AbortController()
  assert.equal(await queue.add(given => given.signal === signal, { signal }), true)
  assert.deepEqual(await queue.addAll([() => 1, async () => 2]), [1, 2])
  await assert.rejects(queue.add(7), TypeError)
}

await limits()
await queues()
assert.equal((await import('p-limit')).default, pLimit)
assert.equal(createRequire(import.meta.url)('p-limit').default, pLimit)
if (linked) {
  const { links } = await import('span-tree/link')
  const states = Object.fromEntries(links().map(({ name, state }) => [name, state]))
  assert.deepEqual([states['p-limit'], states['p-queue']], ['linked', 'linked'])
}
console.log('all right')
