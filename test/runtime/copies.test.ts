import { expect, test } from 'vitest'
import * as second from '../../index.ts'
import * as secondAbi from '../../runtime/abi.ts'
import { exported, recorder, renderTree, run, runtime, until } from './program.ts'

// `runtime` is loaded by Node, `second` by the test runner: two copies of every module in one process.

test('are two', () => {
  expect(second.getLogger).not.toBe(runtime.getLogger)
})

test('see the same task, whichever begins and ends what, and export each trace once', async () => {
  const [site] = secondAbi.sites('second.ts', undefined, [['of the second', 'function', 1, 1]])
  const fails = (error: Error): never => {
    const frame = secondAbi.enter(site!)
    try {
      throw secondAbi.fail(frame, error)
    } finally {
      secondAbi.exit(frame)
    }
  }
  recorder.clear()
  const before = exported()
  await runtime.getLogger('t').span('first', async () => {
    await second
      .getLogger('t')
      .span('second', async () => {
        await null
        runtime.getLogger('t').info('by the first')
        second.getLogger('t').info('by the second')
        runtime.getLogger('t').span('first again', () => fails(new Error('crossing')))
      })
      .catch(() => {})
  })
  await until(() => exported() > before)
  expect(renderTree(recorder)).toMatchInlineSnapshot(`
    "first
    ├─ second ↑ Error: crossing
    │  ├─ INFO by the first
    │  ├─ INFO by the second
    │  └─ first again ↑ Error: crossing
    │     └─ of the second ✗ Error: crossing
    └─ handled Error: crossing"
  `)
  expect(exported() - before).toBe(1)
  expect(second.getRecorder()).toBe(recorder)
  expect(second.counts()).toEqual(runtime.counts())
  const ids = [...second.spansOf(recorder.trees[0]!.root)].map(({ span }) => span.id)
  expect(new Set(ids).size).toBe(ids.length)
})

test('a step of one is current in a function that the other instruments', async () => {
  ;(globalThis as { secondLogger?: unknown }).secondLogger = second.getLogger('t')
  const { tree } = await run(`
    const leaf = () => Number('1')
    function sync() { using step = secondLogger.start('step'); leaf() }
    async function later() { using step = secondLogger.start('async step'); await null; leaf() }
    function* counts() { using step = secondLogger.start('generator step'); yield leaf() }
    export async function main() { sync(); await later(); for (const _ of counts()) leaf(); leaf() }`)
  expect(tree).toMatchInlineSnapshot(`
    "main
    ├─ sync
    │  └─ step
    │     └─ leaf
    ├─ later
    │  └─ async step
    │     └─ leaf
    ├─ counts
    │  └─ generator step
    │     └─ leaf
    ├─ leaf
    └─ leaf"
  `)
})

test('what one is told, the other keeps to', async () => {
  const trees: second.SpanTree[] = []
  second.configure({ exporters: [{ export: tree => trees.push(tree) }] })
  try {
    await run(`export function main() { return Number('1') }`)
    expect(trees.map(tree => tree.root.name)).toEqual(['main'])
  } finally {
    runtime.configure({ mode: 'record' })
  }
})
