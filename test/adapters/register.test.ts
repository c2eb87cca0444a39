import { describe, expect, test } from 'vitest'
import { NODE_VERSIONS, nodeBinary } from '../support/node-versions.ts'
import { createProject } from './project.ts'

const JSON_TRACES = { SPAN_TREE: 'json' }

const ESM = {
  'package.json': '{ "type": "module" }',
  'src/app.ts': `import { price } from './price.js'
interface Order { readonly items: readonly string[] }
export async function checkout(order: Order): Promise<number> {
  await Promise.resolve()
  return order.items.map((item: string) => price(item)).reduce((a, b) => a + b)
}
console.log(await checkout({ items: ['a', 'bb'] }))
`,
  'src/price.ts': `export function price(item: string): number {
  return Number(item.length.toFixed(1))
}
`,
}

const COMMONJS = {
  'package.json': '{}',
  'main.js': `'use strict'
const { double } = require('./double')
function start() {
  console.log(double(2), require.main === module, module.children.length, typeof require.cache)
  console.log(require('./detected.js').answer())
}
start()
`,
  'double.ts': `function double(n: number): number { return Math.abs(n) * 2 }
module.exports = { double }
`,
  'detected.js': 'export function answer() { return Number("42") }\n',
}

describe.each(NODE_VERSIONS)('Node %i', major => {
  const binary = nodeBinary(major)

  test('traces ES modules in TypeScript, and says nothing else', async () => {
    const { stdout, stderr, traces, code } = await createProject(ESM).register(['src/app.ts'], JSON_TRACES, binary)
    expect(code).toBe(0)
    expect(stdout).toBe('3\n')
    expect(stderr).toBe('')
    expect(traces).toBe(`\
checkout src/app.ts:3:23
  checkout › <anonymous @ map> src/app.ts:5:26
    price src/price.ts:1:17
  checkout › <anonymous @ map> src/app.ts:5:26
    price src/price.ts:1:17`)
  })

  test('traces CommonJS, whose require is what it was', async () => {
    const project = createProject(COMMONJS)
    const { stdout, stderr, traces } = await project.register(['main.js'], JSON_TRACES, binary)
    expect(stderr).toBe('')
    expect(stdout).toBe('4 true 2 object\n42\n')
    expect(traces).toBe(`\
start main.js:3:10
  double double.ts:1:10
  answer detected.js:1:17`)
  })

  test('an error names line and column of the TypeScript source', async () => {
    const project = createProject({
      'package.json': '{ "type": "module" }',
      'app.ts': `function fail(input: { name?: string }): number {
  const marker: number = 1;      return marker + (input as any).name.length
}
class Runner<T> { async run(value: T): Promise<void> { await null; fail(value as object) } }
await new Runner<object>().run({})
`,
    })
    const { stderr, code } = await project.register(['app.ts'], {}, binary)
    expect(code).toBe(1)
    expect(stderr).toContain('at fail (<project>/app.ts:2:70)')
    expect(stderr).toContain('at Runner.run (<project>/app.ts:4:68)')
  })
})

const COMPILED = {
  'package.json': '{ "type": "module" }',
  'tsconfig.json': `{
    // Comments are allowed here.
    "compilerOptions": { "target": "esnext", "experimentalDecorators": true, "jsx": "react", "jsxFactory": "h", }
  }`,
  'app.ts': `import { page } from './page.tsx'
enum Status { Open = 'open' }
namespace Names { export const first = 'n' }
function logged(_: object, key: string): void { console.log('decorated ' + key) }
class Service {
  constructor(private readonly names: string[]) {}
  @logged
  list(): string { return this.names.concat(Names.first, Status.Open, page('p').name).join() }
  broken(): void {         (undefined as any).boom() }
}
const service = new Service(['a'])
console.log(service.list())
service.broken()
`,
  'page.tsx': `const h = (name: string, _: null, child: string) => ({ name: name + child })
export function page(text: string) { return <b>{text}</b> }
`,
}

test("compiles what Node cannot strip with the project's TypeScript and options", async () => {
  const project = createProject(COMPILED, ['typescript'])
  const { stdout, stderr, traces, code } = await project.register(['app.ts'], JSON_TRACES)
  expect(stdout).toBe('decorated list\na,n,open,bp\n')
  expect(stderr).toContain('at Service.broken (<project>/app.ts:9:47)')
  expect(code).toBe(1)
  expect(traces).toContain(`\
Service.list app.ts:8:3
  page page.tsx:2:17`)
})

test('says what to do when there is no TypeScript to compile with, and leaves the file to Node', async () => {
  const { stderr, code } = await createProject(COMPILED).register(['app.ts'])
  expect(code).toBe(1)
  expect(stderr).toMatch(
    /^app\.ts - error SPT2005: Node cannot run this TypeScript as it stands .*; npm install --save-dev typescript@6\n/,
  )
  expect(stderr).toContain('ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX')
})

test.each([
  ['app.ts', /app\.ts:1:17 - error SPT1001: .*[\s\S]*\[SyntaxError: <project>\/app\.ts: Expression expected/],
  ['app.tsx', /app\.tsx:1:17 - error SPT1001: .*[\s\S]*\[SyntaxError: <project>\/app\.tsx: Expression expected/],
])('%s that is no TypeScript is never run', async (name, message) => {
  const project = createProject({ [name]: 'let a: string = = 1; console.log(1)' }, ['typescript'])
  const { stdout, stderr, code } = await project.register([name])
  expect({ stdout, code }).toEqual({ stdout: '', code: 1 })
  expect(stderr).toMatch(message)
})

test('@span decorators that are instrumented in place need no compiler', async () => {
  const project = createProject({
    'package.json': '{ "type": "module" }',
    'app.ts': `import { span } from 'span-tree'
class Shop {
  @span('sell') sell(): number { return 1 }
}
console.log(new Shop().sell())
`,
  })
  const { stdout, traces } = await project.register(['app.ts'], JSON_TRACES)
  expect(stdout).toBe('1\n')
  expect(traces).toBe('sell app.ts:3:17')
})

test('imports that name the compiled file, or leave its extension out, find the source', async () => {
  const project = createProject({
    'package.json': '{ "type": "module" }',
    'app.mts': `import { a } from './a.mjs'
import { b } from './b.cjs'
import { c } from './c'
import { real } from './real.js'
console.log(a, b, c, real)
`,
    'a.mts': 'export const a: string = "a"\n',
    'b.cts': 'exports.b = "b" as string\n',
    'c/index.ts': 'export const c: string = "c"\n',
    'real.js': 'export const real = "js"\n',
    'real.ts': 'export const real: string = "ts"\n',
  })
  const { stdout } = await project.register(['app.mts'])
  expect(stdout).toBe('a b c js\n')
})

test('a module that exists under no name is missing under the name that was asked for', async () => {
  const project = createProject({ 'app.mjs': 'import "./none.js"' })
  const { stderr, code } = await project.register(['app.mjs'])
  expect(code).toBe(1)
  expect(stderr).toContain("Cannot find module '<project>/none.js'")
})

test('packages are left alone, but for those that a glob names', async () => {
  const project = createProject({
    'package.json': '{ "type": "module" }',
    'app.js': `import { parse } from 'lib'
function main() { return parse(' x ') }
main()
`,
    'node_modules/lib/package.json': '{ "name": "lib", "type": "module", "exports": "./index.ts" }',
    'node_modules/lib/index.ts': 'export function parse(text: string): string { return text.trim() }\n',
  })
  const options = JSON.stringify({ include: ['node_modules/lib/**'] })
  const { stderr, traces } = await project.register(['app.js'], { ...JSON_TRACES, SPAN_TREE_OPTIONS: options })
  expect(stderr).toBe('')
  expect(traces).toBe('parse node_modules/lib/index.ts:1:17')
})

test('include, exclude and functions select', async () => {
  const project = createProject({
    'package.json': '{ "type": "module" }',
    'src/a.js': `import { b, left } from './b.js'
import { skipped } from './skipped.js'
export function a() { return b() + left() + skipped() }
a()
`,
    'src/b.js': 'export function b() { return Number(1) }\nexport function left() { return Number(2) }\n',
    'src/skipped.js': 'export function skipped() { return Number(3) }\n',
  })
  const SPAN_TREE_OPTIONS = JSON.stringify({ include: ['src/**'], exclude: ['**/skipped.js'], functions: ['!left'] })
  const { traces } = await project.register(['src/a.js'], { ...JSON_TRACES, SPAN_TREE_OPTIONS })
  expect(traces).toBe('a src/a.js:3:17\n  b src/b.js:1:17')
})

test('bad options, a file that does not parse and a glob without files are a line each', async () => {
  const project = createProject({
    'package.json': '{ "type": "module" }',
    'app.js': `console.log(await import('./broken.js').catch(error => error.name), await import('./broken.js?2').catch(error => error.name))
`,
    'broken.js': 'const a =\n  = 1\n',
  })
  const SPAN_TREE_OPTIONS = JSON.stringify({ includ: ['src/**'], include: ['*.js', 'nothing/**'] })
  const { stdout, stderr } = await project.register(['app.js'], { SPAN_TREE_OPTIONS })
  expect(stdout).toBe('SyntaxError SyntaxError\n')
  expect(stderr).toMatchInlineSnapshot(`
    "span-tree options - error SPT2001: unknown option 'includ': did you mean 'include'?
    broken.js:2:3 - error SPT1001: this file does not parse (Unexpected token): it is left uninstrumented; correct it, or exclude it
    span-tree options - warning SPT2003: the pattern 'nothing/**' matches no file: patterns are relative to <project>
    "
  `)
})

test('a program that is killed has said by then that no glob matched', async () => {
  const project = createProject({ 'server.cjs': `setTimeout(() => process.kill(process.pid, 'SIGKILL'), 4_500)` })
  const SPAN_TREE_OPTIONS = JSON.stringify({ include: ['source/**'] })
  const { signal, stderr } = await project.register(['server.cjs'], { SPAN_TREE_OPTIONS })
  expect(signal).toBe('SIGKILL')
  expect(stderr).toContain("warning SPT2003: the pattern 'source/**' matches no file")
})

test('options that are no JSON are ignored, with a line that says so', async () => {
  const project = createProject({ 'app.cjs': 'console.log(1)' })
  const { stdout, stderr } = await project.register(['app.cjs'], { SPAN_TREE_OPTIONS: 'include=src' })
  expect(stdout).toBe('1\n')
  expect(stderr).toMatch(/^span-tree options - error SPT2004: SPAN_TREE_OPTIONS is not JSON \(.*\): it is ignored\n$/)
})

test("a program's own source maps, where it has them on, lead to its own sources", async () => {
  const project = createProject(
    {
      'package.json': '{ "type": "module" }',
      'src/app.ts': `// compiled
interface Nothing { boom(): void }

function run(nothing: Nothing | undefined): void {
  nothing!.boom()
}
run(undefined)
`,
      'tsconfig.json':
        '{ "compilerOptions": { "module": "esnext", "target": "es2022", "sourceMap": true, "outDir": "dist", "rootDir": "src", "types": [] } }',
    },
    ['typescript'],
  )
  await project.node(['node_modules/typescript/bin/tsc'])
  const mapped = await project.register(['--enable-source-maps', 'dist/app.js'])
  expect(mapped.stderr).toContain('at run (<project>/src/app.ts:5:12)')
  const plain = await project.register(['dist/app.js'])
  expect(plain.stderr).toContain('at run (<project>/dist/app.js:3:13)')
})

test('what a compiler has written is traced by the globs and places of its sources, without its helpers', async () => {
  const compilerOptions = {
    module: 'commonjs',
    target: 'es2016',
    sourceMap: true,
    outDir: 'dist',
    rootDir: 'src',
    types: [],
  }
  const project = createProject(
    {
      'package.json': '{ "type": "commonjs" }',
      'span-tree.config.json': '{ "include": ["src/**"], "exclude": ["src/left.ts"] }',
      'src/app.ts': `import { left } from './left'

async function run(n: number): Promise<number> {
  await null
  return Math.abs(left(n))
}
void run(1)
`,
      'src/left.ts': 'export const left = (n: number): number => Math.round(n)\n',
      'tsconfig.json': JSON.stringify({ compilerOptions: { ...compilerOptions, ignoreDeprecations: '6.0' } }),
    },
    ['typescript'],
  )
  await project.node(['node_modules/typescript/bin/tsc'])
  for (const time of ['first', 'cached']) {
    const { traces, stderr } = await project.register(['dist/app.js'], JSON_TRACES)
    expect([time, traces, stderr]).toEqual([time, 'run src/app.ts:3:16', ''])
  }
  const SPAN_TREE_OPTIONS = '{ "include": ["dist/app.js"], "exclude": [] }'
  const named = await project.register(['dist/app.js'], { ...JSON_TRACES, SPAN_TREE_OPTIONS })
  expect(named.traces).toBe('run src/app.ts:3:16')
})

test('TypeScript that imports in a CommonJS package is compiled to what its author means', async () => {
  const project = createProject(
    {
      'package.json': '{ "type": "commonjs" }',
      'src/app.ts': `import { basename } from 'node:path'
import { double, type Num } from './double'
function run(n: Num): string { return basename('/a/' + double(n)) }
console.log(run(2), typeof require)
`,
      'src/double.ts': 'export type Num = number\nexport function double(n: Num): number { return Math.abs(n) * 2 }\n',
    },
    ['typescript'],
  )
  const { stdout, stderr, traces } = await project.register(['src/app.ts'], JSON_TRACES)
  expect(stderr).toBe('')
  expect(stdout).toBe('4 function\n')
  expect(traces).toBe('run src/app.ts:3:10\n  double src/double.ts:2:17')
})

test('worker threads and forked processes are traced too', async () => {
  const project = createProject({
    'package.json': '{ "type": "module" }',
    'app.ts': `import { fork } from 'node:child_process'
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
await once(new Worker(new URL('./task.ts', import.meta.url)), 'exit')
await once(fork(new URL('./task.ts', import.meta.url)), 'exit')
`,
    'task.ts': 'function task(n: number): void { Math.abs(n) }\ntask(1)\n',
  })
  const { stderr, traces } = await project.register(['app.ts'], JSON_TRACES)
  expect(stderr).toBe('')
  expect(traces).toBe('task task.ts:1:10\ntask task.ts:1:10')
})
