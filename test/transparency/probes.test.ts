import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { ROOT } from '../support/imports.ts'
import { writeDocument } from './probes/document.ts'
import { type Judged, judgeAll } from './probes/matrix.ts'

let judged: readonly Judged[]

beforeAll(async () => {
  judged = await judgeAll()
})

test('no probe can tell that span-tree has instrumented it, by either renderer', () => {
  const own = judged.filter(({ tool }) => tool.title.startsWith('span-tree'))
  expect(own.length).toBeGreaterThan(80)
  const telling = own.filter(({ verdict }) => verdict.outcome !== 'same')
  expect(telling.map(({ tool, probe, verdict }) => [tool.name, probe.name, verdict.how])).toEqual([])
})

test('docs/transparency.md is what the script makes', () => {
  expect(readFileSync(join(ROOT, 'docs/transparency.md'), 'utf8')).toBe(writeDocument(judged))
})
