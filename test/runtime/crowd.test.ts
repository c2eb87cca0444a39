import { afterEach, describe, expect, test } from 'vitest'
import { type Span, spansOf } from '../../model/index.ts'
import { renderTree, run, runtime } from './program.ts'

afterEach(() => runtime.configure({ maxSiblings: 128 }))

/** What a node stands for, with those below it: `leaf ×90 (2 failed)`. */
function shape({ name, calls, children, dropped }: Span): string {
  const failed = calls?.failed ? ` (${calls.failed} failed)` : ''
  const below = children.map(shape)
  if (dropped) below.push(`${dropped} dropped`)
  return `${name}${calls ? ` ×${calls.count}${failed}` : ''}${below.length > 0 ? ` [${below.join(', ')}]` : ''}`
}

async function shapeOf(code: string): Promise<string> {
  const { trees } = await run(code)
  return shape(trees[0]!.root)
}

describe('calls of one site beyond the bound share one node', () => {
  test('synchronous ones, with what is below them', async () => {
    runtime.configure({ maxSiblings: 2 })
    const shown = await shapeOf(`
      const leaf = n => Number(n)
      function branch(n) { return leaf(n) + leaf(n) }
      export function main() { for (let i = 0; i < 5; i++) branch(i) }`)
    expect(shown).toBe('main [branch [leaf, leaf], branch [leaf, leaf], branch ×3 [leaf ×6]]')
  })

  test('what was collapsed below is counted with what is collapsed above', async () => {
    runtime.configure({ maxSiblings: 2 })
    const shown = await shapeOf(`
      const leaf = n => Number(n)
      function branch(n) { for (let i = 0; i < 4; i++) leaf(n) }
      export function main() { for (let i = 0; i < 5; i++) branch(i) }`)
    expect(shown).toBe('main [branch [leaf, leaf, leaf ×2], branch [leaf, leaf, leaf ×2], branch ×3 [leaf ×12]]')
  })

  test('async ones that run at the same time', async () => {
    runtime.configure({ maxSiblings: 3 })
    const { trees } = await run(`
      const leaf = n => Number(n)
      async function job(n) { await null; leaf(n); await null; return leaf(n) }
      export async function main() { const jobs = []; for (let i = 0; i < 2_000; i++) jobs.push(job(i)); await Promise.all(jobs) }`)
    const { children } = trees[0]!.root
    expect(children.slice(0, 3).map(shape)).toEqual(Array.from({ length: 3 }, () => 'job [leaf, leaf]'))
    // A machine that is busy makes some of them slow, and those are kept.
    const counted = children.find(({ calls }) => calls)!
    expect(counted.calls!.count + children.length - 1).toBe(2_000)
    expect(counted.children.map(shape)).toEqual([`leaf ×${counted.calls!.count * 2}`])
  })

  test('each site has a bound of its own, and the nodes come in the order of time', async () => {
    runtime.configure({ maxSiblings: 1 })
    const shown = await shapeOf(`
      const first = n => Number(n), second = n => Number(n)
      export function main() { for (let i = 0; i < 3; i++) { first(i); second(i) } }`)
    expect(shown).toBe('main [first, second, first ×2, second ×2]')
  })

  test('failures and messages are kept whole', async () => {
    runtime.configure({ maxSiblings: 2 })
    const { trees } = await run(`
      import { getLogger } from 'span-tree'
      function leaf(n) { if (n === 5) throw new Error('five'); if (n === 7) getLogger('t').info('seven') }
      export function main() { for (let i = 0; i < 10; i++) try { leaf(i) } catch {} }`)
    expect(renderTree(trees)).toBe(
      [
        'main',
        '├─ leaf',
        '├─ leaf',
        '├─ leaf ×6',
        '├─ leaf ✗ Error: five',
        '├─ handled Error: five',
        '└─ leaf',
        '   └─ INFO seven',
      ].join('\n'),
    )
    expect(shape(trees[0]!.root)).toBe('main [leaf, leaf, leaf ×6, leaf, leaf]')
  })

  test('an error of a call that is not kept any more is kept by what it leaves next', async () => {
    runtime.configure({ maxSiblings: 1 })
    const { trees } = await run(
      `
      function leaf(n) { throw new Error('no ' + n) }
      export function main() { for (let i = 0; i < 1_500; i++) try { leaf(i) } catch (error) { if (i === 1_499) throw error } }
    `
        .replace('export function main', 'function work')
        .concat(`
      export function main() { try { work() } catch {} }`),
    )
    const work = trees[0]!.root.children[0]!
    expect(work.exitError).toMatchObject({ kind: 'error', message: 'no 1499' })
    expect(work.children.find(({ calls }) => calls)?.calls).toMatchObject({ count: 499, failed: 499 })
  })

  test('a call whose work goes on, or whose id was given away, stays a node', async () => {
    runtime.configure({ maxSiblings: 1 })
    const { trees } = await run(`
      import { inject } from 'span-tree'
      const given = []
      import { setTimeout as wait } from 'node:timers/promises'
      async function later() { await wait(5) }
      function start(n) { if (n === 3) void later(); if (n === 5) given.push(inject({})) ; return Number(n) }
      export async function main() { for (let i = 0; i < 8; i++) start(i); await later(); return given }`)
    expect(shape(trees[0]!.root)).toBe('main [start, start ×5, start [later], start, later]')
  })
})

test('the figures of a node are those of its calls', async () => {
  runtime.configure({ maxSiblings: 1 })
  const { trees } = await run(`
    import { setTimeout as wait } from 'node:timers/promises'
    async function job(ms) { await wait(ms) }
    export async function main() { for (const ms of [1, 2, 20, 2, 2, 2, 2, 2, 2]) await job(ms) }`)
  const { calls, startTime, endTime } = trees[0]!.root.children[1]!
  const [one, ...rest] = trees[0]!.root.children
  expect(rest).toHaveLength(1)
  expect(calls!.count).toBe(8)
  expect(calls!.max).toBeGreaterThanOrEqual(18_000_000n)
  expect(calls!.min).toBeGreaterThanOrEqual(1_000_000n)
  expect(calls!.p50).toBeGreaterThanOrEqual(calls!.min)
  expect(calls!.p99).toBeLessThanOrEqual(calls!.max)
  expect(calls!.p50 < calls!.p99).toBe(true)
  expect(calls!.total).toBeLessThanOrEqual(endTime! - startTime)
  expect(startTime).toBeGreaterThanOrEqual(one!.endTime!)
})

test('what calls waited in a queue is kept when they share a node', async () => {
  runtime.configure({ maxSiblings: 1 })
  // As the wrappers of queues do it.
  const { trees } = await run(`
    import { setTimeout as wait } from 'node:timers/promises'
    const { extras } = globalThis[Symbol.for('span-tree.runtime.2')]
    async function job() { await null }
    export async function main() {
      const jobs = Array.from(Array(5), () => extras.enqueued(job))
      for (const each of jobs) {
        // Each waits longer than the one before, however long it took to put them there.
        await wait(10)
        await each()
      }
    }`)
  const [first, rest] = trees[0]!.root.children.filter(({ name }) => name === 'job')
  expect([first!.calls, rest!.calls!.count]).toEqual([undefined, 4])
  expect(rest!.calls!.queueMax).toBeGreaterThanOrEqual(first!.queueDuration!)
  expect(rest!.queueDuration).toBeGreaterThanOrEqual(3n * first!.queueDuration! + rest!.calls!.queueMax!)
  expect(rest!.queueDuration).toBeLessThanOrEqual(4n * rest!.calls!.queueMax!)
})

test('a trace that never ends does not grow with its calls', async () => {
  const { trees } = await run(`
    const leaf = n => Number(n)
    async function job(n) { await null; return leaf(n) }
    export async function main() { for (let i = 0; i < 20_000; i++) { leaf(i); await job(i) } }`)
  expect([...spansOf(trees[0]!.root)].length).toBeLessThan(600)
  const calls = (name: string): number => {
    const spans = trees[0]!.root.children.filter(span => span.name === name)
    return spans.reduce((sum, span) => sum + (span.calls?.count ?? 1), 0)
  }
  expect([calls('leaf'), calls('job')]).toEqual([20_000, 20_000])
})
