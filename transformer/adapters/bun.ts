import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { bundleFormat } from './bundle-format.ts'
import { BundledFiles, type BundlerOptions } from './bundled-files.ts'
import type { FileMap } from './compose-maps.ts'
import { withInlineMap } from './inline-map.ts'
import { packageType } from './module-format.ts'
import { reportDiagnostics } from './report.ts'

export type { BundlerOptions } from './bundled-files.ts'

type Loader = 'js' | 'jsx' | 'ts' | 'tsx'

interface PluginBuilder {
  onLoad(
    constraints: { readonly filter: RegExp },
    load: (file: { readonly path: string }) => Promise<{ contents: string; loader: Loader }>,
  ): unknown
}

/** As Bun has it, for `Bun.plugin` and for `Bun.build`. */
export interface BunPlugin {
  readonly name: string
  setup(build: PluginBuilder): void
}

/**
 * Instruments what Bun runs (`plugin(spanTree())` in a preloaded file) or bundles (`Bun.build`). What a plugin loads Bun
 * takes for an ES module, so CommonJS (`.cjs`, `.cts`, `.js` outside of packages with `"type": "module"`) is left alone.
 */
export function spanTree(options: BundlerOptions = {}): BunPlugin {
  const files = new BundledFiles(options)
  return {
    name: 'span-tree',
    setup(build) {
      const root = process.cwd()
      files.host = { root, plainFormat: 'module' }
      reportDiagnostics(files.problems)
      build.onLoad({ filter: filterFor(root) }, async ({ path }) => load(files, path, await readFile(path, 'utf8')))
    },
  }
}

// Bun has no way to hand a file back: what comes by must be loaded here.
function filterFor(root: string): RegExp {
  const names = packageType(join(root, '_')) === 'module' ? 'tsx?|mts|jsx?|mjs' : 'tsx?|mts|jsx|mjs'
  return new RegExp(`^(?!.*[\\\\/]node_modules[\\\\/]).*\\.(${names})$`)
}

function load(files: BundledFiles, path: string, text: string): { contents: string; loader: Loader } {
  if (bundleFormat(text, path, 'module') === 'commonjs') {
    throw new Error(`span-tree/bun: ${path} is CommonJS, which no plugin of Bun can load: name it .cts, or .cjs`)
  }
  const result = files.transform(text, path)
  reportDiagnostics(result?.diagnostics ?? [])
  const contents = result?.changed ? withInlineMap(result.code, result.map as unknown as FileMap, path) : text
  return { contents, loader: extname(path).replace(/^\.m?/, '') as Loader }
}

export default spanTree
