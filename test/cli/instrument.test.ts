import { cpSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping'
import { build } from 'esbuild'
import { beforeAll, describe, expect, test } from 'vitest'
import { createProject, type Project } from '../adapters/project.ts'

const SOURCES = {
  'package.json': '{ "name": "app", "type": "module" }',
  'src/app.ts': `// The first line is here for the lines to differ.
import { Till } from './till.ts'

interface Order {
  readonly items: readonly string[]
}

export async function checkout(order: Order): Promise<number> {
  const till = new Till<string>(order.items)
  await null
  return till.total(item => item.length)
}
console.log(await checkout({ items: ['tea', 'cake'] }))
await checkout({ items: [] }).catch((error: Error) => console.log(error.stack?.split('\\n')[1]?.trim()))
`,
  'src/till.ts': `export class Till<T> {
  constructor(private readonly items: readonly T[]) {}

  total(price: (item: T) => number): number {
    if (this.items.length === 0) throw new RangeError('nothing to pay')
    return this.items.map(price).reduce((a, b) => a + b)
  }
}
`,
}
const TREE = `\
checkout src/app.ts:8:23
  Till.total src/till.ts:4:3
checkout src/app.ts:8:23 failed
  Till.total src/till.ts:4:3 failed`
const JSON_TRACES = { SPAN_TREE: 'json' }

/** Compiled once; each test has a copy. */
const compiled: Record<string, Record<string, string>> = {}

beforeAll(async () => {
  await build({ stdin: { contents: '' }, write: false })
})

async function tsc(options: Readonly<Record<string, unknown>> = {}): Promise<Project> {
  const common = { module: 'nodenext', target: 'es2022', types: [], rootDir: 'src', outDir: 'dist', declaration: true }
  const compilerOptions = { ...common, rewriteRelativeImportExtensions: true, sourceMap: true, ...options }
  const files = { ...SOURCES, 'tsconfig.json': JSON.stringify({ compilerOptions, include: ['src'] }) }
  const key = JSON.stringify(options)
  const project = createProject({ ...files, ...compiled[key] }, ['typescript', 'span-tree'])
  if (compiled[key]) return project
  const { stdout, code } = await project.node(['node_modules/typescript/bin/tsc'])
  expect({ stdout, code }).toEqual({ stdout: '', code: 0 })
  const names = ['app.js', 'app.js.map', 'app.d.ts', 'till.js', 'till.js.map', 'till.d.ts'].map(name => `dist/${name}`)
  const there = names.filter(name => existsSync(join(project.directory, name)))
  compiled[key] = Object.fromEntries(there.map(name => [name, read(project, name)]))
  return project
}

function read(project: Project, path: string): string {
  return readFileSync(join(project.directory, path), 'utf8')
}

/** Of every piece of `wanted` in a built file, where the map says it was written. */
function originals(project: Project, path: string, map: TraceMap, wanted: string): string[] {
  return read(project, path)
    .split('\n')
    .flatMap((text, i) =>
      [...text.matchAll(new RegExp(wanted, 'g'))].map(match => {
        const { source, line, column } = originalPositionFor(map, { line: i + 1, column: match.index })
        return `${source}:${line}:${(column ?? -1) + 1}`
      }),
    )
}

test('in place: sites, stacks and maps lead to the TypeScript', async () => {
  const project = await tsc()
  const { stdout, stderr, code } = await project.cli(['instrument', 'dist/'])
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
  expect(stdout).toBe('dist/: 2 functions (not: 4 trivial) in 2 of 2 files\n')
  const run = await project.node(['--enable-source-maps', 'dist/app.js'], JSON_TRACES)
  expect(run.traces).toBe(TREE)
  expect(run.stdout).toBe('7\nat Till.total (<project>/src/till.ts:5:40)\n')
  const map = new TraceMap(read(project, 'dist/till.js.map'))
  expect(originals(project, 'dist/till.js', map, 'new RangeError')).toEqual(['../src/till.ts:5:40'])
  expect(originals(project, 'dist/till.js', map, 'reduce')).toEqual(['../src/till.ts:6:34'])
  expect(read(project, 'dist/app.d.ts')).toBe(compiled['{}']!['dist/app.d.ts'])
})

test('again: what is instrumented stays as it is', async () => {
  const project = await tsc()
  await project.cli(['instrument', 'dist'])
  const before = read(project, 'dist/app.js') + read(project, 'dist/app.js.map')
  const { stdout, code } = await project.cli(['instrument', 'dist'])
  expect(code).toBe(0)
  expect(stdout).toBe('dist: 0 functions in 0 of 2 files; 2 instrumented before\n')
  expect(read(project, 'dist/app.js') + read(project, 'dist/app.js.map')).toBe(before)
})

test('--out: everything is there, the source directory as it was', async () => {
  const project = await tsc()
  const { stdout } = await project.cli(['instrument', 'dist', '--out', 'traced/deep'])
  expect(stdout).toBe('dist → traced/deep: 2 functions (not: 4 trivial) in 2 of 2 files; 2 copied\n')
  for (const [name, text] of Object.entries(compiled['{}']!)) expect(read(project, name)).toBe(text)
  const run = await project.node(['--enable-source-maps', 'traced/deep/app.js'], JSON_TRACES)
  expect(run.traces).toBe(TREE)
  expect(run.stdout).toContain('src/till.ts:5:40')
  expect(JSON.parse(read(project, 'traced/deep/till.js.map')).sources).toEqual(['../../src/till.ts'])
  expect(read(project, 'traced/deep/till.d.ts')).toBe(read(project, 'dist/till.d.ts'))
})

test('inline maps stay inline', async () => {
  const project = await tsc({ sourceMap: false, inlineSourceMap: true, target: 'es2015', module: 'nodenext' })
  await project.cli(['instrument', 'dist', '--out', 'out'])
  const run = await project.node(['--enable-source-maps', 'out/app.js'], JSON_TRACES)
  expect(run.traces).toBe(TREE)
  expect(run.stdout).toBe('7\nat Till.total (<project>/src/till.ts:5:40)\n')
  expect(read(project, 'out/till.js').match(/sourceMappingURL/g)).toHaveLength(1)
})

test('without maps: their own positions', async () => {
  const project = await tsc({ sourceMap: false })
  await project.cli(['instrument', 'dist'])
  const { traces } = await project.node(['dist/app.js'], JSON_TRACES)
  expect(traces).toContain('checkout dist/app.js:3:23\n  Till.total dist/till.js:6:5')
})

test('globs go by the original sources, the configuration counts, and annotations', async () => {
  const project = await tsc()
  cpSync(join(project.directory, 'dist'), join(project.directory, 'more'), { recursive: true })
  await project.cli(['instrument', 'dist', '--include', 'src/till.ts'])
  const { traces } = await project.node(['dist/app.js'], JSON_TRACES)
  expect(traces).toBe('Till.total src/till.ts:4:3\nTill.total src/till.ts:4:3 failed')
})

describe('a bundle of several sources', () => {
  test('minified: each site has the file that it came from', async () => {
    const project = createProject(SOURCES, ['span-tree'])
    await build({
      absWorkingDir: project.directory,
      ...{ entryPoints: ['src/app.ts'], bundle: true, minifySyntax: true, minifyWhitespace: true, sourcemap: true },
      ...{ platform: 'node', format: 'esm', target: 'es2022', outfile: 'out/bundle.js', keepNames: false },
    })
    const { stdout } = await project.cli(['instrument', 'out/bundle.js', '--exclude', 'src/app.ts'])
    expect(stdout).toMatch(/^out\/bundle\.js: 1 functions/)
    const { traces } = await project.node(['out/bundle.js'], JSON_TRACES)
    expect(traces).toBe('Till.total src/till.ts:4:3\nTill.total src/till.ts:4:3 failed')
  })

  test('both files in one table', async () => {
    const project = createProject(SOURCES, ['span-tree'])
    await build({
      absWorkingDir: project.directory,
      ...{ entryPoints: ['src/app.ts'], bundle: true, minify: false, sourcemap: 'inline' },
      ...{ platform: 'node', format: 'esm', target: 'es2022', outfile: 'out/bundle.js' },
    })
    await project.cli(['instrument', 'out'])
    const run = await project.node(['--enable-source-maps', 'out/bundle.js'], JSON_TRACES)
    expect(run.traces).toBe(TREE)
    expect(run.stdout).toContain('src/till.ts:5:40')
  })
})

describe('what cannot be instrumented', () => {
  test('is left as it is, with a line, and the rest goes on', async () => {
    const project = createProject({
      'package.json': '{ "type": "module" }',
      'dist/bad.js': 'const = 1\n',
      'dist/good.js': 'export function good() { return Number(1) }\n',
      'dist/helper.js': 'export function a() { return (function () { return String(1) })() }\n//# sourceMappingURL=none.js.map\n',
    })
    const { stdout, stderr, code } = await project.cli(['instrument', 'dist'])
    expect(code).toBe(0)
    expect(stdout).toBe('dist: 3 functions in 2 of 3 files; 1 left as they are\n')
    expect(stderr).toMatch(/^dist\/bad\.js:1:7 - error SPT1001: this file does not parse \(.*\): it is left uninstrumented/)
    expect(read(project, 'dist/bad.js')).toBe('const = 1\n')
  })

  test.each([
    [['instrument', 'nowhere'], 'error: no such file or directory: nowhere'],
    [['instrument', 'empty', '--out', 'empty'], 'error: --out is the directory itself'],
    [['instrument', 'package.json', '--out', 'x'], 'error: --out needs one directory'],
    [['instrument'], "error: missing required argument 'paths'"],
  ])('%j', async (parameters, message) => {
    const { stderr, code } = await createProject({ 'package.json': '{}', 'empty/a.txt': '' }).cli(parameters)
    expect(code).toBe(1)
    expect(stderr).toContain(message)
  })

  test('no JavaScript at all is no success', async () => {
    const { stdout, code } = await createProject({ 'package.json': '{}', 'empty/a.txt': '' }).cli(['instrument', 'empty'])
    expect({ stdout, code }).toEqual({ stdout: 'empty: no JavaScript here\n', code: 1 })
  })
})
