import { expect, test } from 'vitest'
import { healthText } from '../../runtime/health-text.ts'
import { program } from '../process/processes.ts'
import { recorder, run, runtime } from './program.ts'

test('tells what became of every span', async () => {
  const before = runtime.health()
  await run(`
    const leaf = () => Number('1')
    export function main() { for (let i = 0; i < 200; i++) leaf() }`)
  const after = runtime.health()
  const [exported, collapsed] = [
    after.spansExported - before.spansExported,
    after.spansCollapsed - before.spansCollapsed,
  ]
  // Calls that are slow beside the others, as on a busy machine, stay.
  expect(exported).toBeGreaterThanOrEqual(129)
  expect(exported).toBeLessThan(160)
  expect(exported + collapsed).toBe(201)
  expect(after.spansMade - before.spansMade).toBe(201)
  expect(after.tracesExported).toBe(runtime.counts().tracesExported)
  expect(after.eventLoopDelay).toEqual({ mean: expect.any(Number), p99: expect.any(Number), max: expect.any(Number) })
  recorder.clear()
})

test('counts spans that were left out for being fast', async () => {
  const before = runtime.health()
  await run(`
    import { span } from 'span-tree'
    class C { @span({ minDuration: 60_000 }) static fast() { return 1 } }
    export function main() { for (let i = 0; i < 5; i++) C.fast() }`)
  const after = runtime.health()
  expect(after.spansDropped - before.spansDropped).toBe(5)
})

test('an exporter that fails to tell does no harm', () => {
  const health = () => {
    throw new Error('ill')
  }
  runtime.configure({ exporters: [{ export: () => {}, health }] })
  expect(runtime.health().exporters).toEqual([])
  runtime.configure({ mode: 'record' })
})

test('as text is a line for the runtime, one for each exporter, one for the event loop', () => {
  const exporter = { name: 'http http://a', taken: 3, adopted: 0, delivered: 1, queued: 0, spooled: 0, spoolBytes: 0 }
  const text = healthText({
    ...runtime.counts(),
    tracesExported: 2,
    spansMade: 9,
    exporters: [{ ...exporter, dropped: { refused: 2 }, lastError: 'HTTP 400' }],
    eventLoopDelay: { mean: 0.1, p99: 2, max: 3 },
  })
  expect(text.split('\n').slice(1)).toEqual([
    'span-tree: http http://a: taken 3, delivered 1, dropped 2 (refused), last error: HTTP 400',
    'span-tree: event loop late by 0.1 ms, p99 2, at most 3',
    '',
  ])
})

test('SPAN_TREE_DEBUG prints it at the end', async () => {
  const code = `function leaf() { return Number('1') } leaf()`
  const { stderr } = await program(code).traced({ env: { SPAN_TREE_DEBUG: '1', SPAN_TREE: 'record' } })
  expect(stderr).toMatch(
    /^span-tree: traces exported 1, spans exported 1, spans made 1\nspan-tree: event loop late by .*\n$/,
  )
})
