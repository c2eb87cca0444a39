import { describe, expect, test } from 'vitest'
import { formatDiagnostic } from '../../transformer/diagnostics.ts'
import { instrument } from '../../transformer/instrument.ts'

const OPTIONS = { filename: 'src/a.js', include: ['**'] }
const FUNCTION = 'export function f(x) { return g(x) }\n'

function instrumented(code: string): { code: string; places: string[]; said: string[] } {
  const { code: result, sites, diagnostics } = instrument(code, OPTIONS)
  return {
    code: result,
    places: sites.map(site => `${site.name} ${site.line}:${site.column}`),
    said: diagnostics.map(formatDiagnostic),
  }
}

describe('is instrumented, with the places of the source', () => {
  test.each([
    ['a byte order mark', `\uFEFF${FUNCTION}`, /^\uFEFFimport \{/, 'f 1:17'],
    [
      'a byte order mark and a shebang',
      `\uFEFF#!/usr/bin/env node\n${FUNCTION}`,
      /^\uFEFF#!\/usr\/bin\/env node\nimport/,
      'f 2:17',
    ],
    ['a shebang', `#!/usr/bin/env node\n${FUNCTION}`, /^#!\/usr\/bin\/env node\nimport/, 'f 2:17'],
    ['CRLF', `// one\r\n${FUNCTION.replace('\n', '\r\n')}`, /^\/\/ one\r\nimport [^\n]*\r\n$/, 'f 2:17'],
    ['// @ts-nocheck', `// @ts-nocheck\n${FUNCTION}`, /^\/\/ @ts-nocheck\nimport/, 'f 2:17'],
    ['a directive', `'use client'\n${FUNCTION}`, /^'use client'; import/, 'f 2:17'],
  ])('%s', (_, code, head, place) => {
    const result = instrumented(code)
    expect(result.said).toEqual([])
    expect(result.places).toEqual([place])
    expect(result.code).toMatch(head)
    expect(result.code.split('\n')).toHaveLength(code.split('\n').length)
  })

  test('a minified bundle', () => {
    const code = `!function(){${Array.from({ length: 50 }, (_, i) => `function f${i}(){return g(${i})}`).join(';')}}();`
    const { places, said } = instrumented(code)
    expect(said).toEqual([])
    expect(places).toHaveLength(50)
    expect(places.at(-1)).toBe(`<iife> › f49 1:${code.indexOf('f49') + 1}`)
  })
})

const DEEP =
  'src/a.js - warning SPT1005: this file is nested too deeply to be read: it is left uninstrumented; exclude it'

describe('is passed through untouched, with one line', () => {
  test.each([
    [
      'a syntax error',
      'export function f( { return g() }',
      /^src\/a\.js:1:\d+ - error SPT1001: this file does not parse/,
    ],
    ['syntax of the future', `const x = a |> b(%)\n${FUNCTION}`, /^src\/a\.js:1:14 - error SPT1001/],
    ['a binary file', `\u0000\u0001PNG\u0000${FUNCTION}`, /^src\/a\.js:1:\d+ - error SPT1001/],
    ['sums without end', `export const f = () => g(${'1+'.repeat(50_000)}1)`, DEEP],
    ['chains without end', `export const f = () => g${'.a()'.repeat(50_000)}`, DEEP],
  ])('%s', (_, code, line) => {
    const result = instrumented(code)
    expect(result.code).toBe(code)
    expect(result.places).toEqual([])
    expect(result.said).toEqual([typeof line === 'string' ? line : expect.stringMatching(line)])
  })

  test.each([
    ['an empty file', ''],
    ['a blank file', ' \n\n'],
    ['comments only', '// nothing\n/* at all */'],
  ])('%s needs not even that', (_, code) => {
    expect(instrumented(code)).toEqual({ code, places: [], said: [] })
  })
})

test('a generated file of 5 MB is a matter of seconds', () => {
  const row = (i: number): string => `  { id: ${i}, name: 'name ${i}', values: [${i}, ${i + 1}] },\n`
  const rows = Array.from({ length: 100_000 }, (_, i) => row(i)).join('')
  const code = `export const rows = [\n${rows}]\n${FUNCTION}`
  expect(code.length).toBeGreaterThan(5e6)
  const { places, said } = instrumented(code)
  expect({ places, said }).toEqual({ places: ['f 100003:17'], said: [] })
}, 30_000)
