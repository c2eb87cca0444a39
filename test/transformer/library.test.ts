import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { instrument } from '../../transformer/instrument.ts'
import { parse } from '../../transformer/parse.ts'
import { planFile } from '../../transformer/planner.ts'

const root = fileURLToPath(new URL('../../node_modules/zod/src/', import.meta.url))
const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter(file => file.endsWith('.ts') && !/tests?\//.test(file))
  .map(file => ({ file, code: readFileSync(join(root, file), 'utf8') }))

test('a library of over a hundred files: all of it parses afterwards, on as many lines', () => {
  const counts = { files: 0, functions: 0, refused: 0 }
  for (const { file, code } of files) {
    const result = instrument(code, {
      filename: join(root, file),
      root,
      include: ['**'],
      skipTrivial: false,
    })
    expect(result.diagnostics).toEqual([])
    expect('message' in parse(result.code, file), file).toBe(false)
    expect(result.code.split('\n').length, file).toBe(code.split('\n').length)
    counts.files++
    counts.functions += result.sites.length
    counts.refused += result.refused.length
  }
  expect(counts.files).toBeGreaterThan(100)
  expect(counts.functions).toBeGreaterThan(1000)
  expect(counts.refused).toBe(0)
})

test('parsing through shared memory makes the same plan', () => {
  for (const { file, code } of files.slice(0, 20)) {
    const options = { filename: join(root, file), root, include: ['**'] }
    expect(planFile(code, { ...options, fastParse: true })).toEqual(planFile(code, options))
  }
})
