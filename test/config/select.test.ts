import { describe, expect, test } from 'vitest'
import type { Site } from '../../model/index.ts'
import { optionsFor } from '../../transformer/configuration/file-options.ts'
import { instrument } from '../../transformer/instrument.ts'
import type { SelectOptions } from '../../transformer/options.ts'

const CODE = `
export class Store {
  query(sql: string) { return run(sql) }
  toJSON() { return run('') }
}
export function main(token: string) { return new Store().query(token) }
/** @span */
export const ready = () => true
`

function sitesOf(options: SelectOptions, filename = '/app/src/db/store.ts'): readonly Site[] {
  return instrument(CODE, { include: ['src/**'], ...options, filename, root: '/app' }).sites
}

const optionsOf = (options: SelectOptions): Record<string, unknown> =>
  Object.fromEntries(sitesOf(options).map(site => [site.name, site.options]))

describe('rules', () => {
  test('hold for the files and functions that they name; later ones win key by key', () => {
    const options: SelectOptions = {
      minDuration: 1,
      rules: [
        { files: ['src/db/**'], minDuration: 5, kind: 'client' },
        { files: ['src/db/**'], functions: ['Store.query'], minDuration: 10, level: 'debug' },
        { files: ['src/http/**'], minDuration: 100 },
      ],
    }
    expect(optionsOf(options)).toEqual({
      'Store.query': { minDuration: 10, kind: 'client', level: 'debug' },
      'Store.toJSON': { minDuration: 5, kind: 'client' },
      main: { minDuration: 5, kind: 'client' },
      ready: { minDuration: 5, kind: 'client' },
    })
  })

  test('a rule decides on triviality and on what is captured', () => {
    const code = 'export const one = (a: number) => a\nexport const two = (b: number) => f(b)\n'
    const rules = [{ files: ['**'], functions: ['one'], skipTrivial: false, capture: { arguments: false } }]
    const { sites } = instrument(code, { filename: '/app/a.ts', root: '/app', include: ['**'], rules })
    expect(sites.map(({ name, parameters }) => [name, parameters])).toEqual([
      ['one', []],
      ['two', ['b']],
    ])
  })

  test('paths to redact add up: what one rule hides no other brings to light', () => {
    const options: SelectOptions = {
      capture: { redact: ['a'] },
      rules: [
        { files: ['**'], capture: { redact: ['b.c'] } },
        { files: ['**'], capture: { results: true } },
      ],
    }
    expect(optionsFor('/app/x.ts', { ...options, root: '/app' }).of('f').site).toEqual({
      results: true,
      redact: ['a', 'b.c'],
    })
  })

  test('capture.arguments wins over its short form, a rule over both', () => {
    const of = (options: SelectOptions): boolean =>
      optionsFor('/app/x.ts', { ...options, root: '/app' }).of('f').captureArguments
    expect(of({})).toBe(true)
    expect(of({ captureArguments: false })).toBe(false)
    expect(of({ captureArguments: false, capture: { arguments: true } })).toBe(true)
    expect(of({ capture: { arguments: true }, rules: [{ files: ['**'], captureArguments: false }] })).toBe(false)
  })

  test('an annotation wins over rules', () => {
    const code = `import { span } from 'span-tree'\nclass A { @span({ level: 'error' }) a() { f() } }`
    const rules = [{ files: ['**'], level: 'debug', kind: 'server' } as const]
    const { sites } = instrument(code, { filename: '/app/a.ts', root: '/app', rules })
    expect(sites[0]?.options).toEqual({ level: 'error', kind: 'server' })
  })
})

describe('the predicate', () => {
  test('has the last word on what the globs select, and none on annotations', () => {
    const seen: string[] = []
    const predicate = (site: Site): boolean => {
      seen.push(`${site.file}:${site.line} ${site.id} ${site.functionKind}`)
      return site.name !== 'main'
    }
    expect(sitesOf({ predicate }).map(site => site.name)).toEqual(['Store.query', 'Store.toJSON', 'ready'])
    expect(seen).toEqual([
      'src/db/store.ts:3 src/db/store.ts#Store.query method',
      'src/db/store.ts:4 src/db/store.ts#Store.toJSON method',
      'src/db/store.ts:6 src/db/store.ts#main function',
    ])
  })

  test('that throws leaves the function alone, with a line', () => {
    const predicate = (): boolean => {
      throw new Error('no such table')
    }
    const result = instrument('export function f() { g() }', {
      filename: '/app/a.ts',
      root: '/app',
      include: ['**'],
      predicate,
    })
    expect(result.changed).toBe(false)
    expect(result.diagnostics).toMatchObject([
      {
        code: 'SPT2009',
        line: 1,
        column: 17,
        message: 'the predicate of the configuration threw for f (no such table): that function is left uninstrumented',
      },
    ])
  })
})

test('what the configuration or @noSpan leaves out is told with its reason', () => {
  const code = 'export function a() { g() }\n/** @noSpan */\nexport function b() { g() }\nexport function c() { g() }\n'
  const options = { functions: ['!a'], predicate: (site: Site) => site.name !== 'c' }
  const { excluded, sites } = instrument(code, { filename: '/app/a.ts', root: '/app', include: ['**'], ...options })
  expect(sites).toEqual([])
  expect(excluded.map(({ name, line, column, reason }) => `${name} ${line}:${column} ${reason}`)).toEqual([
    'a 1:17 excluded: its name is not selected by functions',
    'b 3:17 excluded: @noSpan',
    'c 4:17 excluded: the predicate says no',
  ])
})
