import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { extname, join, relative } from 'node:path'
import { diagnostic } from '../diagnostics.ts'
import { editRequired, loadedFiles } from './bun-require.ts'
import { bundleFormat } from './bundle-format.ts'
import { BundledFiles, type BundlerOptions } from './bundled-files.ts'
import type { FileMap } from './compose-maps.ts'
import { withInlineMap } from './inline-map.ts'
import { packageType } from './module-format.ts'
import { isBelow, isInNodeModules, isSourceFile } from './program-files.ts'
import { reportDiagnostics } from './report.ts'

export type { BundlerOptions } from './bundled-files.ts'

type Loader = 'js' | 'jsx' | 'ts' | 'tsx'

interface PluginBuilder {
  /** Of `Bun.build`; absent where a program is run. */
  readonly config?: object
  onLoad(
    constraints: { readonly filter: RegExp },
    load: (file: { readonly path: string }) => Promise<{ contents: string; loader: Loader }>,
  ): unknown
}

/** As Bun has it, for `Bun.plugin` and for `Bun.build`. */
export interface BunPlugin {
  readonly name: string
  /** Resolves when CommonJS can be instrumented, too. */
  setup(build: PluginBuilder): Promise<void>
}

/**
 * Instruments what Bun runs (`plugin(spanTree())` in a preloaded file) or bundles (`Bun.build`). What a plugin loads Bun
 * takes for an ES module, so CommonJS (`.cjs`, `.cts`, `.js` outside of packages with `"type": "module"`) goes another way
 * where it is required, and is left alone elsewhere: no plugin is told whether a file is imported or required, and what it
 * gave to one it would give to the other, for which a module's exports are no longer what the module has made them.
 */
export function spanTree(options: BundlerOptions = {}): BunPlugin {
  const files = new BundledFiles(options)
  return {
    name: 'span-tree',
    async setup(build) {
      const root = process.cwd()
      files.host = { root, plainFormat: 'module', commonjsFormat: 'script' }
      reportDiagnostics(files.problems)
      const filter = filterFor(root)
      build.onLoad({ filter }, async ({ path }) => load(files, path, await readFile(path, 'utf8')))
      if (build.config !== undefined) return
      instrumentRequired(files, root, filter)
      await import(RUNTIME)
    },
  }
}

// Bun has no way to hand a file back: what comes by must be loaded here.
function filterFor(root: string): RegExp {
  const names = packageType(join(root, '_')) === 'module' ? 'tsx?|mts|jsx?|mjs' : 'tsx?|mts|jsx|mjs'
  return new RegExp(`^(?!.*[\\\\/]node_modules[\\\\/]).*\\.(${names})$`)
}

// CommonJS finds it under a global symbol: Bun lets it require no ES module that is, or has been, imported.
const RUNTIME = 'span-tree/abi'

function hasRuntime(): boolean {
  return Reflect.has(globalThis, Symbol.for('span-tree.abi'))
}

/** `filter`: what comes by otherwise. */
function instrumentRequired(files: BundledFiles, root: string, filter: RegExp): void {
  const seen = new Set<string>()
  const isOwn = (path: string): boolean => isSourceFile(path) && isBelow(path, root) && !isInNodeModules(path)
  editRequired(isOwn, (text, path) => {
    const isReady = bundleFormat(text, path, 'module') === 'commonjs' && hasRuntime()
    if (!isReady) return undefined
    seen.add(path)
    return instrumented(files, path, text)
  })
  process.once('exit', () => {
    const unseen = loadedFiles().filter(path => isOwn(path) && !filter.test(path) && !seen.has(path))
    const left = unseen.filter(path => files.transform(readFileSync(path, 'utf8'), path)?.changed)
    if (left.length === 0) return
    const names = left.map(path => relative(root, path)).join(', ')
    reportDiagnostics([diagnostic('SPT2011', { files: names }, 'span-tree/bun')])
  })
}

/** Undefined where it stays as it is. */
function instrumented(files: BundledFiles, path: string, text: string): string | undefined {
  const result = files.transform(text, path)
  reportDiagnostics(result?.diagnostics ?? [])
  return result?.changed ? withInlineMap(result.code, result.map as unknown as FileMap, path) : undefined
}

function load(files: BundledFiles, path: string, text: string): { contents: string; loader: Loader } {
  if (bundleFormat(text, path, 'module') === 'commonjs') {
    throw new Error(`span-tree/bun: ${path} is CommonJS, which no plugin of Bun can load: name it .cts, or .cjs`)
  }
  const contents = instrumented(files, path, text) ?? text
  return { contents, loader: extname(path).replace(/^\.m?/, '') as Loader }
}

export default spanTree
