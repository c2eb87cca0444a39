import { expect, test } from 'vitest'
import { formatDiagnostic } from '../../transformer/diagnostics.ts'
import { matchesFile, sitePath } from '../../transformer/match.ts'
import { validateOptions } from '../../transformer/options.ts'

const complaints = (raw: unknown, others?: string[]): string[] =>
  validateOptions(raw, 'tsconfig.json', others).diagnostics.map(formatDiagnostic)

test('an unknown option or a wrong type is one line, and is left out', () => {
  const raw = {
    include: ['src/**'],
    includes: [],
    skipTrivial: 'yes',
    level: 'loud',
    exclude: 'x',
    bogus: 1,
    minDuration: -1,
  }
  expect(complaints(raw)).toMatchInlineSnapshot(`
    [
      "tsconfig.json - error SPT2001: unknown option 'includes': did you mean 'include'?",
      "tsconfig.json - error SPT2002: option 'skipTrivial' must be true or false, not 'yes': it is ignored",
      "tsconfig.json - error SPT2002: option 'level' must be one of debug, info, warning, error, critical, not 'loud': it is ignored",
      "tsconfig.json - error SPT2002: option 'exclude' must be an array of globs, not 'x': it is ignored",
      "tsconfig.json - error SPT2001: unknown option 'bogus': known are include, exclude, functions, skipTrivial, captureArguments, capture, minDuration, level, kind, rules, predicate",
      "tsconfig.json - error SPT2002: option 'minDuration' must be a number of milliseconds, not -1: it is ignored",
    ]
  `)
  expect(validateOptions(raw, '').options).toEqual({ include: ['src/**'] })
  expect(complaints({ transform: 'span-tree/transformer' }, ['transform'])).toEqual([])
  expect(complaints(undefined)).toEqual([])
  expect(complaints('src/**')).toMatchInlineSnapshot(`
    [
      "tsconfig.json - error SPT2002: option 'span-tree' must be an object, not 'src/**': it is ignored",
    ]
  `)
})

const matches = (filename: string, include: string[], exclude: string[] = []): boolean =>
  matchesFile(filename, { include, exclude, root: '/app' })

test('globs are relative to the root', () => {
  expect(matches('/app/src/a.ts', ['src/**'])).toBe(true)
  expect(matches('src/a.ts', ['./src/*.ts'])).toBe(true)
  expect(matches('/app/src/deep/.hidden/a.tsx', ['src/**'])).toBe(true)
  expect(matches('file:///app/src/a.ts', ['src/**'])).toBe(true)
  expect(matches('/app/src/a.ts?v=1', ['src/**/*.ts'])).toBe(true)
  expect(matches('/app/test/a.ts', ['src/**'])).toBe(false)
  expect(matches('/app/src/a.test.ts', ['src/**'], ['**/*.test.ts'])).toBe(false)
  expect(matches('/app/src/a.ts', ['src/**', '!src/a.ts'])).toBe(false)
  expect(matches('/app/src/types.d.ts', ['**'])).toBe(false)
  expect(matches('/app/src/a.ts', [])).toBe(false)
})

test('files outside the root are matched by absolute patterns, packages only by their name', () => {
  expect(matches('/other/a.ts', ['**'])).toBe(false)
  expect(matches('/other/a.ts', ['/other/**'])).toBe(true)
  expect(matches('/app/node_modules/zod/src/a.ts', ['**'])).toBe(false)
  expect(matches('/app/node_modules/zod/src/a.ts', ['node_modules/zod/**'])).toBe(true)
  expect(matches('/store/node_modules/x/node_modules/zod/src/a.ts', ['node_modules/zod/src/**'])).toBe(true)
  expect(matches('/app/node_modules/zod/src/a.ts', ['node_modules/**'], ['node_modules/zod/**'])).toBe(false)
})

test('sites carry paths that are the same on every machine', () => {
  expect(sitePath('/app/src/a.ts', '/app')).toBe('src/a.ts')
  expect(sitePath('/app/node_modules/zod/a.ts', '/app')).toBe('node_modules/zod/a.ts')
  expect(sitePath('/store/node_modules/zod/a.ts', '/app')).toBe('node_modules/zod/a.ts')
  expect(sitePath('/other/a.ts', '/app')).toBe('../other/a.ts')
})
