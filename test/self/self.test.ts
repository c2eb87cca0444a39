import { rmSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { copyRepository, instrumentCopy } from './instrumented-copy.ts'
import { observed } from './observer.ts'
import { runTests } from './run-tests.ts'

/** What is quick, and mostly runs in vitest's own processes; `npm run proof:self` runs all. */
const TESTS = [
  'test/exporters/text',
  'test/logger/logger',
  'test/logger/using',
  'test/runtime/errors',
  'test/runtime/propagation',
  'test/testing/render-tree',
  'test/decorators',
  'test/transformer/instrument',
  'test/transformer/refusals',
]

const copy = copyRepository()
afterAll(() => rmSync(copy, { recursive: true, force: true }))

test("span-tree's own tests pass on a span-tree that is instrumented by itself", { timeout: 240_000 }, async ({
  signal,
}) => {
  const tally = instrumentCopy(copy)
  expect({ refused: tally.refused, diagnostics: tally.diagnostics }).toEqual({ refused: [], diagnostics: [] })
  const outcomes = [...(await runTests(copy, TESTS, signal))]
  expect(outcomes.filter(([, outcome]) => outcome !== 'passed')).toEqual([])
  expect(outcomes.length).toBeGreaterThan(100)
  expect(observed(copy).spans).toBeGreaterThan(10_000)
})
