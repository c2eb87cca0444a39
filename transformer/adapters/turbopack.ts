import { bundleWarning, sayOnce } from './bundle-warnings.ts'
import { BundledFiles, type BundlerOptions } from './bundled-files.ts'

export type { BundlerOptions } from './bundled-files.ts'

/** What Turbopack gives to a loader, as far as it is used here. */
export interface LoaderContext {
  /** Absolute. */
  readonly resourcePath: string
  readonly rootContext?: string
  readonly sourceMap?: boolean
  getOptions(): BundlerOptions
  callback(error: Error | null, code?: string, map?: object): void
  emitWarning(warning: Error): void
}

interface Instrumenter {
  readonly files: BundledFiles
  readonly once: ReturnType<typeof sayOnce>
}

const instrumenters = new Map<string, Instrumenter>()

/** Instruments what Turbopack builds for Node: a loader for its rules, with options that are plain data. */
export default function spanTree(this: LoaderContext, code: string): void {
  const { files, once } = instrumenterFor(this.rootContext ?? process.cwd(), this.getOptions())
  const result = files.transform(code, this.resourcePath, { sourceMap: this.sourceMap !== false })
  for (const each of once.fresh([...files.problems, ...(result?.diagnostics ?? [])])) {
    this.emitWarning(new Error(bundleWarning(each).message))
  }
  if (result?.changed) this.callback(null, result.code, result.map ?? undefined)
  else this.callback(null, code)
}

function instrumenterFor(root: string, options: BundlerOptions): Instrumenter {
  const key = JSON.stringify([root, options])
  const known = instrumenters.get(key)
  if (known) return known
  const files = new BundledFiles(options)
  // As in webpack: nothing says where the module lies when it runs.
  files.host = { root, plainFormat: 'commonjs', location: 'undefined', commonjsLocation: 'undefined' }
  const made = { files, once: sayOnce() }
  instrumenters.set(key, made)
  return made
}
