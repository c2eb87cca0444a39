import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { SpanTree } from '../../model/index.ts'
import { instrument } from '../../transformer/instrument.ts'

const repository = fileURLToPath(new URL('../..', import.meta.url))
const directory = mkdtempSync(join(tmpdir(), 'span-tree-program-'))
process.once('exit', () => rmSync(directory, { recursive: true, force: true }))

// The programs, and the runtime that they call, are loaded by Node, not by the test runner, which rewrites what it loads.
const importNatively = createRequire(import.meta.url)('../transformer/native-import.cjs') as <T>(
  url: string,
) => Promise<T>

/** The URL of a file of the repository. */
export const urlOf = (path: string): string => pathToFileURL(join(repository, path)).href
const load = <T>(path: string): Promise<T> => importNatively<T>(urlOf(path))

/** The runtime that the programs run on. */
export const runtime: typeof import('../../runtime/index.ts') = await load('runtime/index.ts')
const rendering: typeof import('../../runtime/testing/render-tree.ts') = await load('runtime/testing/render-tree.ts')
export const renderTree: typeof rendering.renderTree = rendering.renderTree
export const recorder: ReturnType<typeof runtime.getRecorder> = runtime.getRecorder()
runtime.configure({ mode: 'record', waitForTasks: 10 })

export interface Ran {
  /** What `main` returned, or its promise resolved to. */
  readonly result: unknown
  /** As `renderTree` writes it. */
  readonly tree: string
  readonly trees: readonly SpanTree[]
}

let count = 0

/** The exports of an ES module in JavaScript as it is; it may import `span-tree`, and `reflect-metadata`. */
export function loadPlain<T>(code: string): Promise<T> {
  const filename = join(directory, `plain-${++count}.mjs`)
  const metadata = pathToFileURL(createRequire(import.meta.url).resolve('reflect-metadata')).href
  const linked = code.replace(/'reflect-metadata'/, `'${metadata}'`)
  writeFileSync(filename, linked.replaceAll(/(from ')span-tree(?=')/g, `$1${urlOf('index.ts')}`))
  return importNatively<T>(pathToFileURL(filename).href)
}

/** The exports of an ES module in JavaScript with every function instrumented; it may import `span-tree`. */
export function loadProgram<T>(code: string): Promise<T> {
  const filename = join(directory, `program-${++count}.mjs`)
  const options = { include: ['**'], skipTrivial: false, format: 'module', abi: urlOf('runtime/abi.ts') } as const
  const { code: instrumented, diagnostics, refused } = instrument(code, { ...options, filename, root: directory })
  if (diagnostics.length + refused.length > 0) throw new Error(JSON.stringify([...diagnostics, ...refused]))
  writeFileSync(filename, instrumented.replaceAll(/(from ')span-tree(?=')/g, `$1${urlOf('index.ts')}`))
  return importNatively<T>(pathToFileURL(filename).href)
}

/** Runs `main` of an instrumented module and waits until `count` traces (or late additions) are recorded. */
export async function run(code: string, traces = 1): Promise<Ran> {
  const { main } = await loadProgram<{ main(): unknown }>(code)
  recorder.clear()
  const before = exported()
  const result = await main()
  await until(() => exported() - before >= traces)
  const { trees } = recorder
  return {
    result,
    trees,
    get tree() {
      return renderTree(trees)
    },
  }
}

/** Traces and late additions that were exported so far. */
export function exported(): number {
  void recorder.trees
  return runtime.counts().tracesExported
}

/** Waits for what other turns of the event loop bring about. */
export async function until(done: () => boolean): Promise<void> {
  while (!done()) await setImmediate()
}
