import { afterEach, expect, test } from 'vitest'
import { newTraceId } from '../../model/index.ts'
import { tailSampler } from '../../runtime/sampling.ts'
import { exported, loadProgram, recorder, renderTree, runtime } from './program.ts'

afterEach(() => runtime.configure({ sampling: {} }))

const PROGRAM = `
  import { getLogger, inject } from 'span-tree'
  const logger = getLogger('t')
  const leaf = n => Number(n)
  async function step(n) { await null; logger.info('in step'); return leaf(n) }
  function* pages() { yield leaf(1); yield leaf(2) }
  export const main = async () => { leaf(1); for (const page of pages()) leaf(page); await step(2); return inject({}) }
  export const other = () => leaf(1)
  export const manual = () => logger.span('by hand', async span => { span.extra({ a: 1 }); await step(1); return inject({}) })
  export const failing = async () => { await step(1); throw new Error('no') }`
interface Functions {
  main(): Promise<{ traceparent?: string }>
  other(): number
  manual(): Promise<{ traceparent?: string }>
  failing(): Promise<void>
}

test('at the head: nothing of an unsampled trace is made, and whoever goes on from it is told so', async () => {
  const { main, other, manual, failing } = await loadProgram<Functions>(PROGRAM)
  recorder.clear()
  const before = runtime.counts()
  runtime.configure({ sampling: { head: { main: 0, 'man*': 0, 'by hand': 0, failing: 0 } } })
  const { traceparent } = await main()
  const byHand = await manual()
  await expect(failing()).rejects.toThrow('no')
  expect(other()).toBe(1)
  expect([traceparent, byHand.traceparent]).toEqual([
    expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/),
    expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/),
  ])
  expect(renderTree(recorder)).toBe('other\n└─ leaf')
  expect(runtime.counts().tracesUnsampled - before.tracesUnsampled).toBe(3)
})

test('at the head: what came in unsampled stays so, what came in sampled is made whatever the share is', async () => {
  const { main } = await loadProgram<Functions>(PROGRAM)
  recorder.clear()
  runtime.configure({ sampling: { head: 0 } })
  const traceparent = (flags: string): object => ({ traceparent: `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-${flags}` })
  const off = await runtime.continueTrace(runtime.extract(traceparent('00') as never), main)
  expect(off.traceparent).toBe(`00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-00`)
  expect(recorder.trees).toEqual([])
  await runtime.continueTrace(runtime.extract(traceparent('01') as never), main)
  expect(recorder.trees).toMatchObject([{ remote: true, root: { name: 'main', parentId: 'cd'.repeat(8) } }])
})

test('at the tail: what failed is kept, and a share of the rest', async () => {
  const { other, failing } = await loadProgram<Functions>(PROGRAM)
  recorder.clear()
  runtime.configure({ sampling: { tail: 0 } })
  const before = runtime.counts().tracesSampledAway
  other()
  await expect(failing()).rejects.toThrow('no')
  other()
  expect(renderTree(recorder)).toBe('failing ✗ Error: no\n└─ step\n   ├─ INFO in step\n   └─ leaf')
  expect(runtime.counts().tracesSampledAway - before).toBe(2)
})

test('at the tail: the share is decided by the id, and so alike in every process', () => {
  const quiet = { failed: false, slow: false }
  const [few, many] = [tailSampler(0.2)!, tailSampler(0.6)!]
  const ids = Array.from({ length: 2_000 }, () => newTraceId(Date.now()))
  const [inFew, inMany] = [few, many].map(keeps => new Set(ids.filter(id => keeps(id, quiet))))
  expect([...inFew!].every(id => inMany!.has(id))).toBe(true)
  expect(inFew!.size / ids.length).toBeGreaterThan(0.14)
  expect(inFew!.size / ids.length).toBeLessThan(0.26)
  expect(ids.every(id => few(id, { ...quiet, failed: true }) && few(id, { ...quiet, slow: true }))).toBe(true)
})

test('what is no share is refused', () => {
  const wrong =
    (sampling: object): (() => void) =>
    () =>
      runtime.configure({ sampling })
  expect(wrong({ head: 2 })).toThrow('span-tree: sampling.head takes a share of the traces from 0 to 1, not 2')
  expect(wrong({ head: { 'GET *': -1 } })).toThrow("sampling.head['GET *'] takes a share")
  expect(wrong({ tail: 'all' })).toThrow('sampling.tail takes a share')
  expect(exported()).toBeGreaterThan(0)
})
