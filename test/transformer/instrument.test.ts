import { expect, test } from 'vitest'
import { formatDiagnostic } from '../../transformer/diagnostics.ts'
import { type Instrumented, instrument } from '../../transformer/instrument.ts'
import type { InstrumentOptions } from '../../transformer/options.ts'
import { fixtures, optionsFor, removeTypes } from './fixtures.ts'

const all = (code: string, options: Partial<InstrumentOptions> = {}): Instrumented =>
  instrument(code, { filename: 'src/a.ts', root: '/app', include: ['**'], skipTrivial: false, ...options })

test('the format of the injected code', () => {
  expect(all('export const f = (a: number) => a\n').code).toMatchInlineSnapshot(`
    "import { enter as $st_enter, exit as $st_exit, fail as $st_fail, sites as $st_sites } from "span-tree/abi"; var $st_S; function $st_T() { return $st_S = $st_sites("src/a.ts", import.meta.url, [["f","arrow",1,18,{"p":["a"]}]]) }; export const f = (a: number) => { const $st_f = $st_enter(($st_S||$st_T())[0]); try { return a } catch ($st_e) { throw $st_fail($st_f, $st_e, [a]) } finally { $st_exit($st_f) } }
    "
  `)
  expect(
    all("#!/usr/bin/env node\n'use strict'\n// c\nfunction f() {}\n", { format: 'commonjs' }).code,
  ).toMatchInlineSnapshot(`
    "#!/usr/bin/env node
    'use strict'; const { enter: $st_enter, exit: $st_exit, fail: $st_fail, sites: $st_sites } = require("span-tree/abi"); var $st_S; function $st_T() { return $st_S = $st_sites("src/a.ts", __filename, [["f","function",4,10]]) }; 
    // c
    function f() { const $st_f = $st_enter(($st_S||$st_T())[0]); try {  } catch ($st_e) { throw $st_fail($st_f, $st_e) } finally { $st_exit($st_f) } }
    "
  `)
  expect(all('function f() {}\n', { format: 'script' }).code).toMatchInlineSnapshot(`
    "var $st_abi_072fc23b = globalThis[Symbol.for('span-tree.abi')] ?? (typeof require === 'function' && typeof module === 'object' ? require("span-tree/abi") : undefined), $st_enter_072fc23b = $st_abi_072fc23b ? $st_abi_072fc23b.enter : (f, x) => x, $st_exit_072fc23b = $st_abi_072fc23b ? $st_abi_072fc23b.exit : (f, x) => x, $st_fail_072fc23b = $st_abi_072fc23b ? $st_abi_072fc23b.fail : (f, x) => x, $st_sites_072fc23b = $st_abi_072fc23b ? $st_abi_072fc23b.sites : (a, b, t) => t; var $st_S_072fc23b; function $st_T_072fc23b() { return $st_S_072fc23b = $st_sites_072fc23b("src/a.ts", undefined, [["f","function",1,10]]) }; function f() { const $st_f = $st_enter_072fc23b(($st_S_072fc23b||$st_T_072fc23b())[0]); try {  } catch ($st_e) { throw $st_fail_072fc23b($st_f, $st_e) } finally { $st_exit_072fc23b($st_f) } }
    "
  `)
})

test('every shape, every point', () => {
  const { code } = all(`async function a() { await using r = open(), s = open(); return await f(), 1 }
function* b() { try { yield } finally { yield* c() } }
async function* c(z, d) { if (x) for await (const y of z) f(y); yield 1; return yield* d() }
`)
  expect(code).toMatchInlineSnapshot(`
    "import { delegate as $st_delegate, delegateAsync as $st_delegateAsync, disposer as $st_disposer, enterAsync as $st_enterAsync, enterAsyncGenerator as $st_enterAsyncGenerator, enterGenerator as $st_enterGenerator, exitAsync as $st_exitAsync, exitGenerator as $st_exitGenerator, failAsync as $st_failAsync, failGenerator as $st_failGenerator, iterate as $st_iterate, pause as $st_pause, pauseAsync as $st_pauseAsync, proceed as $st_proceed, resume as $st_resume, resumer as $st_resumer, scoped as $st_scoped, settle as $st_settle, sites as $st_sites, suspend as $st_suspend } from "span-tree/abi"; var $st_S; function $st_T() { return $st_S = $st_sites("src/a.ts", import.meta.url, [["a","function",1,16],["b","function",2,11],["c","function",3,17,{"p":["z","d"]}]]) }; async function a() { const $st_f = $st_enterAsync(($st_S||$st_T())[0]); let $st_v; try {  const r = ($st_v = open(), $st_scoped($st_f, $st_v)); await using $st_u0 = $st_disposer($st_f, r); using $st_u1 = $st_resumer($st_f); const s = ($st_v = open(), $st_scoped($st_f, $st_v)); await using $st_u2 = $st_disposer($st_f, s); using $st_u3 = $st_resumer($st_f); return $st_v = (($st_v = await ($st_v = f(), $st_suspend($st_f, $st_v)), $st_resume($st_f, $st_v)), 1), $st_settle($st_f, $st_v)  } catch ($st_e) { throw $st_failAsync($st_f, $st_e) } finally { $st_exitAsync($st_f) } }
    function* b() { const $st_f = $st_enterGenerator(($st_S||$st_T())[1]); try {  try { $st_proceed($st_f, yield $st_pause($st_f)) } finally { $st_proceed($st_f); $st_proceed($st_f, yield* $st_delegate($st_f, c())) }  } catch ($st_e) { throw $st_failGenerator($st_f, $st_e) } finally { $st_exitGenerator($st_f) } }
    async function* c(z, d) { const $st_f = $st_enterAsyncGenerator(($st_S||$st_T())[2]); try {  if (x) { for await (const y of $st_iterate($st_f, z)) { $st_resume($st_f); f(y); } $st_resume($st_f) } $st_resume($st_f, yield $st_pauseAsync($st_f, 1)); return $st_suspend($st_f, $st_resume($st_f, yield* $st_delegateAsync($st_f, d())))  } catch ($st_e) { throw $st_failAsync($st_f, $st_e, [z, d]) } finally { $st_exitAsync($st_f) } }
    "
  `)
})

test.each(fixtures().map(f => [f.name, f] as const))('%s: no line is added or removed, twice is once', (_, fixture) => {
  const options = optionsFor(fixture)
  const once = instrument(fixture.code, options)
  expect(once.diagnostics).toEqual([])
  expect(once.code.split(/\r\n|[\r\n]/).length).toBe(fixture.code.split(/\r\n|[\r\n]/).length)
  for (const code of [once.code, removeTypes(once.code, fixture.name)]) {
    const twice = instrument(code, { ...options, filename: options.filename.replace(/ts(x?)$/, 'js$1') })
    expect({ changed: twice.changed, same: twice.code === code }).toEqual({ changed: false, same: true })
  }
})

test('a file that bundlers have renamed things in is known all the same', () => {
  const bundled = `import { enter, exit, fail, sites } from './abi-DxY.js'
var $st_S$1; function $st_T$1() { return $st_S$1 = sites("src/a.ts", import.meta.url, []) }
export function f() { g() }
`
  expect(all(bundled).changed).toBe(false)
  expect(all(bundled.replace('sites(', '(0, abi_1.sites)(')).changed).toBe(false)
})

test('a file that does not parse comes back as it was, with one diagnostic', () => {
  const code = 'const a = 1\nfunction f( { g() }\n'
  const result = all(code)
  expect(result.code).toBe(code)
  expect(result.map).toBe(null)
  expect(result.diagnostics.map(formatDiagnostic)).toMatchInlineSnapshot(`
    [
      "src/a.ts:2:16 - error SPT1001: this file does not parse (Expected \`,\` or \`}\` but found \`(\`): it is left uninstrumented; correct it, or exclude it",
    ]
  `)
})

test('names that the source has are not used', () => {
  const { code } = all('const $st_enter = 1\nexport function f() { return $st_enter }\n')
  expect(code).toContain('$st1_enter(')
  expect(code).not.toMatch(/\$st_f\b/)
})

test('the format is guessed from the name, then from the content', () => {
  const prologueOf = (code: string, filename: string): string | undefined =>
    /import \{|require\(|Symbol\.for/.exec(all(code, { filename }).code)?.[0]
  expect(prologueOf('function f() {}', 'a.cts')).toBe('require(')
  expect(prologueOf('function f() {}', 'a.mjs')).toBe('import {')
  expect(prologueOf('export function f() {}', 'a.js')).toBe('import {')
  expect(prologueOf('exports.f = function () {}', 'a.js')).toBe('require(')
  expect(prologueOf('const f = function () {}', 'a.js')).toBe('require(')
  expect(prologueOf('const f = function () {}', 'a.ts')).toBe('import {')
  expect(prologueOf("import x from 'y'; export const f = () => x", 'a.cts')).toBe('require(')
})

test('what nothing selects is not touched', () => {
  const code = 'export function f() { g() }\n'
  const untouched = {
    code,
    map: null,
    sites: [],
    refused: [],
    skipped: [],
    excluded: [],
    diagnostics: [],
    changed: false,
  }
  expect(instrument(code, { filename: 'a.ts' })).toEqual(untouched)
  expect(instrument('', { filename: 'a.ts', include: ['**'] }).changed).toBe(false)
  expect(all('\uFEFFexport const a = () => 1').code.startsWith('\uFEFFimport')).toBe(true)
})

test('without a map on request', () => {
  expect(all('const f = () => g()', { sourceMap: false }).map).toBe(null)
})
