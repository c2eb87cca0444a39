import type { SourceMap } from '../source-map.ts'
import { type BundleWarning, bundleWarning, sayOnce } from './bundle-warnings.ts'
import type { BundledFiles } from './bundled-files.ts'
import type { EditedFile } from './kept-file.ts'
import { OWN_IMPORTS, ownFile } from './own-imports.ts'
import { assignBehindSuper } from './super-assignments.ts'

/** A plugin's context, as far as Rollup, Rolldown and Vite have it in common and it is used here. */
export interface RollupContext {
  warn(warning: string | BundleWarning): void
  resolve(
    source: string,
    importer: string | undefined,
    options: { skipSelf: boolean },
  ): Promise<{ readonly id: string; readonly external: boolean | 'absolute' } | null>
}

interface Resolved {
  readonly id: string
  readonly external?: boolean | 'absolute'
}

/** What a transform hook returns. */
export interface RollupFile {
  readonly code: string
  readonly map: SourceMap | null
}

/** The hooks that Rollup and Rolldown share. */
export interface RollupPlugin {
  readonly name: 'span-tree'
  buildStart(this: RollupContext): void
  readonly resolveId: {
    readonly order: 'pre'
    readonly filter: { readonly id: RegExp[] }
    handler(
      this: RollupContext,
      source: string,
      importer: string | undefined,
      options: { readonly isEntry: boolean },
    ): Promise<Resolved | null>
  }
  readonly load: {
    readonly filter: { readonly id: RegExp }
    handler(this: RollupContext, id: string): string
  }
  readonly transform: {
    readonly order: 'pre'
    readonly filter: { readonly id: { include: RegExp; exclude: RegExp[] } }
    handler(this: RollupContext, code: string, id: string): RollupFile | null
  }
  renderChunk(code: string, chunk: { readonly fileName: string }): RollupFile | null
  buildEnd(this: RollupContext & { getModuleIds(): Iterable<string> }, error?: Error): void
}

/**
 * What files in CommonJS require where they are made ES modules by @rollup/plugin-commonjs: of a package outside the
 * bundle that would import the default export, and the runtime has none. Looks like a file of the project, since those
 * are outside of no bundle.
 */
export const COMMONJS_ABI = './span-tree-abi-of-commonjs'
const COMMONJS_ABI_ONLY = /^\.\/span-tree-abi-of-commonjs$/
const IMPORTED_ABI = '\0span-tree-abi'
const IMPORTED_ABI_ONLY = /^\0span-tree-abi$/

/**
 * The plugin for Rollup and those that take after it. `missing` says what becomes of an import of the runtime that the
 * bundler cannot resolve: Rollup leaves packages out unless it is given a resolver, Rolldown takes them in.
 */
export function rollupPlugin(files: BundledFiles, missing: 'external' | 'own'): RollupPlugin {
  const once = sayOnce()
  return {
    name: 'span-tree',
    buildStart() {
      once.reset()
      for (const each of once.fresh(files.problems)) this.warn(bundleWarning(each))
    },
    resolveId: {
      order: 'pre',
      filter: { id: [OWN_IMPORTS, COMMONJS_ABI_ONLY] },
      async handler(source, importer, { isEntry }) {
        if (isEntry) return null
        if (source === COMMONJS_ABI) return { id: IMPORTED_ABI }
        const resolved = await this.resolve(source, importer, { skipSelf: true })
        if (resolved) return resolved
        const own = missing === 'own' ? ownFile(source) : undefined
        return own === undefined ? { id: source, external: true } : { id: own }
      },
    },
    load: {
      filter: { id: IMPORTED_ABI_ONLY },
      handler: () => "export * from 'span-tree/abi'",
    },
    transform: {
      order: 'pre',
      filter: { id: files.idFilter },
      handler(code, id) {
        const result = files.transform(code, id)
        for (const each of once.fresh(result?.diagnostics ?? [])) this.warn(bundleWarning(each))
        return rollupFile(result)
      },
    },
    renderChunk: (code, { fileName }) => assignBehindSuper(code, fileName),
    buildEnd(error) {
      if (error) return
      // What came out of a cache has not passed by.
      for (const id of this.getModuleIds()) files.saw(id)
      for (const each of once.fresh(files.unmatched())) this.warn(bundleWarning(each))
    },
  }
}

export function rollupFile(file: EditedFile | undefined): RollupFile | null {
  return file?.changed ? { code: file.code, map: file.map } : null
}
