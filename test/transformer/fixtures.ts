import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { inspect } from 'node:util'
import { createContext, Script } from 'node:vm'
import ts from 'typescript'
import { afterAll, describe, expect, test } from 'vitest'
import type { InstrumentOptions } from '../../transformer/options.ts'
import type { ModuleFormat } from '../../transformer/plan.ts'

/**
 * A fixture is a program in `test/fixtures` whose `main` returns a log of what can be observed. It runs as it is, and
 * with every function instrumented; both logs must be equal, the protocol kept, and the tree be the one that stands
 * beside the fixture (`<name>.tree`). Every renderer runs every fixture: `describeFixtures(name, renderer)`.
 */
export type Renderer = (code: string, options: InstrumentOptions) => string

export interface Fixture {
  readonly name: string
  readonly path: string
  readonly code: string
  readonly format: ModuleFormat
}

const folder = fileURLToPath(new URL('../fixtures/', import.meta.url))
const guarded = new URL('./guarded-abi.ts', import.meta.url)

// The fixtures and the runtime that they call are loaded by Node, not by the test runner, which rewrites what it loads.
const importNatively = createRequire(import.meta.url)('./native-import.cjs') as <T>(url: string) => Promise<T>

export function fixtures(): Fixture[] {
  const files = readdirSync(folder).filter(file => /\.([cm]?[jt]s|[jt]sx)$/.test(file))
  return files.map(name => ({
    name,
    path: join(folder, name),
    code: readFileSync(join(folder, name), 'utf8'),
    format: name.includes('.script.') ? 'script' : /\.c[jt]s$/.test(name) ? 'commonjs' : 'module',
  }))
}

/** Makes the tests of one renderer, one test a fixture; `plain` is what it makes of a file without a plan. */
export function describeFixtures(name: string, render: Renderer, plain: Renderer = withoutTypes): void {
  describe(`fixtures, by the ${name} renderer`, () => {
    const directory = mkdtempSync(join(tmpdir(), `span-tree-fixtures-${name}-`))
    afterAll(() => rmSync(directory, { recursive: true, force: true }))
    for (const fixture of fixtures()) {
      test(fixture.name, async () => {
        const options = optionsFor(fixture)
        const original = await run(fixture, plain(fixture.code, options), join(directory, 'plain'))
        const code = render(fixture.code, options)
        const instrumented = await run(fixture, code, join(directory, 'instrumented'))
        expect(instrumented.log).toBe(original.log)
        expect(original.trees).toBe('')
        expect(instrumented.problems).toEqual([])
        if (hasTree(fixture)) await expect(instrumented.trees).toMatchFileSnapshot(`${fixture.path}.tree`)
      })
    }
  })
}

function hasTree({ code }: Fixture): boolean {
  return !/^\/\/.* No tree: /.test(code)
}

function withoutTypes(code: string, { filename }: InstrumentOptions): string {
  return removeTypes(code, filename)
}

/** Everything selected; as the guarded runtime must be imported. */
export function optionsFor({ path, format }: Fixture): InstrumentOptions {
  const abi = format === 'commonjs' ? fileURLToPath(guarded) : guarded.href
  return { filename: path, root: folder, include: ['**'], skipTrivial: false, format, abi }
}

/** TypeScript to JavaScript; JavaScript stays as it is. Native `using` in fixtures named so, lowered elsewhere. */
export function removeTypes(code: string, name: string): string {
  if (!/\.[cm]?tsx?$/.test(name)) return code
  const target = name.includes('native') ? ts.ScriptTarget.ESNext : ts.ScriptTarget.ES2023
  const module = /\.cts$/.test(name) ? ts.ModuleKind.CommonJS : ts.ModuleKind.ESNext
  return ts.transpileModule(code, { fileName: name, compilerOptions: { target, module, jsx: ts.JsxEmit.React } })
    .outputText
}

interface Outcome {
  readonly log: string
  readonly trees: string
  readonly problems: readonly string[]
}

interface Runtime {
  readonly recorder: { clear(): void }
  readonly renderTree: (recorder: unknown) => string
  readonly flush: () => Promise<void>
  readonly takeProblems: () => string[]
}

let loaded: Promise<Runtime> | undefined

function runtime(): Promise<Runtime> {
  return (loaded ??= loadRuntime())
}

async function loadRuntime(): Promise<Runtime> {
  const load = (path: string): Promise<object> => importNatively(new URL(path, import.meta.url).href)
  const guard = await load('./guarded-abi.ts')
  const { renderTree } = (await load('../../runtime/testing/render-tree.ts')) as Pick<Runtime, 'renderTree'>
  const { getRecorder, flush } = (await load('../../runtime/index.ts')) as {
    getRecorder(): Runtime['recorder']
    flush(): Promise<void>
  }
  Object.assign(globalThis, { [Symbol.for('span-tree.guarded-abi')]: guard })
  return { ...(guard as Pick<Runtime, 'takeProblems'>), renderTree, flush, recorder: getRecorder() }
}

/** Runs `main` twice, so that what the first run leaves behind shows in the second. */
async function run(fixture: Fixture, code: string, directory: string): Promise<Outcome> {
  const { recorder, renderTree, flush, takeProblems } = await runtime()
  const main = await load(fixture, code, directory)
  await flush()
  recorder.clear()
  const logs: string[] = []
  const trees: string[] = []
  for (let i = 0; i < 2; i++) {
    logs.push(inspect(await main(), { depth: 9, breakLength: 120 }))
    await flush()
    trees.push(hasTree(fixture) ? renderTree(recorder) : '')
    recorder.clear()
  }
  expect(trees[1]).toBe(trees[0])
  return { log: logs.join('\n'), trees: trees[0] as string, problems: takeProblems() }
}

async function load(fixture: Fixture, code: string, directory: string): Promise<() => unknown> {
  if (fixture.format === 'script') return loadScript(fixture, code)
  mkdirSync(directory, { recursive: true })
  const extension = fixture.format === 'commonjs' ? '.cjs' : '.mjs'
  const path = join(directory, fixture.name.replace(/\.\w+$/, extension))
  writeFileSync(path, code)
  type Loaded = { main?: () => unknown; default?: { main: () => unknown } }
  const module = await importNatively<Loaded>(pathToFileURL(path).href)
  return (module.main ?? module.default?.main) as () => unknown
}

function loadScript(fixture: Fixture, code: string): () => unknown {
  const guard = (globalThis as Record<symbol, unknown>)[Symbol.for('span-tree.guarded-abi')]
  const context = createContext({ shared: guard, console })
  new Script("globalThis[Symbol.for('span-tree.abi')] = shared").runInContext(context)
  new Script(code, { filename: fixture.name }).runInContext(context)
  return context['main'] as () => unknown
}
