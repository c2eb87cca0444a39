import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping'
import { build } from 'esbuild'
import { type CompilerOptions, ModuleKind, ScriptTarget, transpileModule } from 'typescript'
import { describe, expect, test } from 'vitest'
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
  Till.total src/till.ts:4:3 failed
<anonymous @ catch> src/app.ts:14:37`
const JSON_TRACES = { SPAN_TREE: 'json' }

/** A project that TypeScript has compiled to `dist`. */
function compiled(options: Readonly<CompilerOptions> = {}): Project {
  const sources = Object.entries(SOURCES).filter(([name]) => name.endsWith('.ts'))
  const built = sources.flatMap(([name, text]) => compile(name, text, { sourceMap: true, ...options }))
  return createProject({ ...SOURCES, ...Object.fromEntries(built) }, ['span-tree'])
}

function compile(name: string, text: string, options: CompilerOptions): [path: string, text: string][] {
  const common = {
    module: ModuleKind.ESNext,
    target: ScriptTarget.ES2022,
    rewriteRelativeImportExtensions: true,
    sourceRoot: '../src',
  }
  const compilerOptions = { ...common, ...options }
  const { outputText, sourceMapText } = transpileModule(text, { fileName: name, compilerOptions })
  const path = name.replace('src/', 'dist/').replace('.ts', '.js')
  const map: [string, string][] = sourceMapText === undefined ? [] : [[`${path}.map`, sourceMapText]]
  return [[path, outputText], ...map, [path.replace('.js', '.d.ts'), 'export {}\n']]
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
  const project = compiled()
  const { stdout, stderr, code } = await project.cli(['instrument', 'dist/'])
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
  expect(stdout).toBe('dist/: 3 functions (not: 3 trivial) in 2 of 2 files\n')
  const run = await project.node(['--enable-source-maps', 'dist/app.js'], JSON_TRACES)
  expect(run.traces).toBe(TREE)
  expect(run.stdout).toBe('7\nat Till.total (<project>/src/till.ts:5:40)\n')
  const map = new TraceMap(read(project, 'dist/till.js.map'))
  expect(originals(project, 'dist/till.js', map, 'new RangeError')).toEqual(['../src/till.ts:5:40'])
  expect(originals(project, 'dist/till.js', map, 'reduce')).toEqual(['../src/till.ts:6:34'])
})

test('again: what is instrumented stays as it is', async () => {
  const project = compiled()
  await project.cli(['instrument', 'dist'])
  const before = read(project, 'dist/app.js') + read(project, 'dist/app.js.map')
  const { stdout, code } = await project.cli(['instrument', 'dist'])
  expect(code).toBe(0)
  expect(stdout).toBe('dist: 0 functions in 0 of 2 files; 2 instrumented before\n')
  expect(read(project, 'dist/app.js') + read(project, 'dist/app.js.map')).toBe(before)
})

test('--out: everything is there, the source directory as it was', async () => {
  const project = compiled()
  const before = read(project, 'dist/app.js') + read(project, 'dist/app.js.map')
  const { stdout } = await project.cli(['instrument', 'dist', '--out', 'traced/deep'])
  expect(stdout).toBe('dist → traced/deep: 3 functions (not: 3 trivial) in 2 of 2 files; 2 copied\n')
  expect(read(project, 'dist/app.js') + read(project, 'dist/app.js.map')).toBe(before)
  const run = await project.node(['--enable-source-maps', 'traced/deep/app.js'], JSON_TRACES)
  expect(run.traces).toBe(TREE)
  expect(run.stdout).toContain('src/till.ts:5:40')
  expect(JSON.parse(read(project, 'traced/deep/till.js.map')).sources).toEqual(['../../src/till.ts'])
  expect(read(project, 'traced/deep/till.d.ts')).toBe(read(project, 'dist/till.d.ts'))
})

test('inline maps stay inline', async () => {
  const project = compiled({ sourceMap: false, inlineSourceMap: true, target: ScriptTarget.ES2017 })
  await project.cli(['instrument', 'dist', '--out', 'out'])
  const run = await project.node(['--enable-source-maps', 'out/app.js'], JSON_TRACES)
  expect(run.traces).toBe(TREE)
  expect(run.stdout).toBe('7\nat Till.total (<project>/src/till.ts:5:40)\n')
  expect(read(project, 'out/till.js').match(/sourceMappingURL/g)).toHaveLength(1)
})

test('without maps: their own positions', async () => {
  const project = compiled({ sourceMap: false })
  await project.cli(['instrument', 'dist'])
  const { traces } = await project.node(['dist/app.js'], JSON_TRACES)
  expect(traces).toContain('checkout dist/app.js:3:23\n  Till.total dist/till.js:6:5')
})

test('globs go by the original sources', async () => {
  const project = compiled()
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
      'dist/helper.js':
        'export function a() { return (function () { return String(1) })() }\n//# sourceMappingURL=none.js.map\n',
    })
    const { stdout, stderr, code } = await project.cli(['instrument', 'dist'])
    expect(code).toBe(0)
    expect(stdout).toBe('dist: 3 functions in 2 of 3 files; 1 left as they are\n')
    expect(stderr).toMatch(
      /^dist\/bad\.js:1:7 - error SPT1001: this file does not parse \(.*\): it is left uninstrumented/,
    )
    expect(read(project, 'dist/bad.js')).toBe('const = 1\n')
  })

  test.each([
    [['instrument', 'nowhere'], 'error: no such file or directory: nowhere'],
    [['instrument', 'empty', '--out', 'empty'], 'error: --out is the directory itself'],
    [['instrument', 'package.json', '--out', 'x'], 'error: --out needs one directory'],
    [['instrument'], "error: missing required argument 'paths'"],
  ])('%j', async (parameters, message) => {
    const { stderr, code } = await createProject({ 'package.json': '{}', 'empty/a.txt': '' }).cli(parameters)
    expect(code).toBe(2)
    expect(stderr).toContain(message)
  })

  test('no JavaScript at all is no success', async () => {
    const { stdout, code } = await createProject({ 'package.json': '{}', 'empty/a.txt': '' }).cli([
      'instrument',
      'empty',
    ])
    expect({ stdout, code }).toEqual({ stdout: 'empty: no JavaScript here\n', code: 1 })
  })
})
