import { fileURLToPath } from 'node:url'
import type { Diagnostic } from '../plan.ts'
import { type Once, warningText } from './bundle-warnings.ts'
import type { BundledFiles } from './bundled-files.ts'
import { ownPackage } from './own-package.ts'

const NAME = 'span-tree'

/** A compilation, as far as webpack and Rspack have it in common and it is used here. */
interface Compilation {
  readonly warnings: { push(warning: Error): unknown }
  readonly modules: Iterable<object>
  readonly hooks: { readonly finishModules: { tap(name: string, listener: () => void): void } }
}

/** A compiler of either; see `Compilation`. */
export interface Compiler {
  readonly context: string
  readonly options: object
  /** Known once the options have their defaults. */
  readonly platform: Readonly<Record<string, boolean | null | undefined>>
  readonly webpack: { readonly WebpackError: new (message: string) => Error }
  readonly hooks: {
    readonly thisCompilation: { tap(name: string, listener: (compilation: Compilation) => void): void }
  }
}

/** What is read of a configuration, and written to it. */
interface Options {
  readonly target?: unknown
  readonly resolve: { fallback?: readonly Alias[] | false | Readonly<Record<string, unknown>> }
  readonly cache?: boolean | { readonly type?: string; version?: string }
}

interface Alias {
  readonly name: string
  readonly alias: unknown
  readonly onlyModule?: boolean
}

/** What webpack and Rspack are told beyond the loader: where the runtime is, what a cache depends on, what is wrong. */
export function setUpCompiler(compiler: Compiler, files: BundledFiles, once: Once): void {
  const config = compiler.options as Options
  const host = {
    root: compiler.context,
    plainFormat: 'commonjs',
    // `import.meta.url` becomes the source's path on the machine that builds, and `__filename`, which counts as there even
    // where the output is an ES module, may not be there at all.
    location: 'undefined',
    commonjsLocation: 'undefined',
  } as const
  files.host = host
  resolveRuntime(config)
  dependOn(config, files)
  compiler.hooks.thisCompilation.tap(NAME, compilation => {
    files.host = { ...host, browser: browserSetting(compiler) }
    const warn = (diagnostics: readonly Diagnostic[]): void => {
      for (const each of once.fresh(diagnostics)) {
        compilation.warnings.push(new compiler.webpack.WebpackError(warningText(each)))
      }
    }
    once.reset()
    warn(files.problems)
    compilation.hooks.finishModules.tap(NAME, () => {
      // What came out of a cache has not passed by.
      for (const module of compilation.modules) files.saw((module as { resource?: string }).resource ?? '')
      warn(files.unmatched())
    })
  })
}

function browserSetting({ platform, options }: Compiler): string | undefined {
  const inNode = platform['node'] || platform['electron'] || platform['nwjs']
  const inBrowser = platform['web'] || platform['browser'] || platform['webworker']
  return inBrowser && !inNode ? `target: ${JSON.stringify((options as Options).target)}` : undefined
}

/** The runtime of this very package, where the project has none installed. */
function resolveRuntime({ resolve }: Options): void {
  const own = [...ownPackage().exports].map(([name, url]) => ({ name, alias: fileURLToPath(url) }))
  const { fallback } = resolve
  if (Array.isArray(fallback)) resolve.fallback = [...fallback, ...own.map(each => ({ ...each, onlyModule: true }))]
  else resolve.fallback = { ...Object.fromEntries(own.map(each => [`${each.name}$`, each.alias])), ...fallback }
}

/** A cache that outlives the process must not return what other options, or another version, have made. */
function dependOn({ cache }: Options, files: BundledFiles): void {
  if (typeof cache !== 'object' || cache.type === 'memory') return
  cache.version = `${cache.version ?? ''}|${NAME} ${files.fingerprint}`
}
