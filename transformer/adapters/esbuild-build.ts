import type { BuildOptions, OnResolveArgs, OnResolveResult, PartialMessage, PluginBuild } from 'esbuild'
import type { Diagnostic } from '../plan.ts'
import { bundleWarning, type Once } from './bundle-warnings.ts'
import { type BundledFiles, LOCATION_ANYWHERE } from './bundled-files.ts'
import { OWN_IMPORTS, ownFile } from './own-imports.ts'

const NAMESPACE = 'span-tree'
/** Marks the questions that this plugin asks itself. */
const ASKED = { askedBy: NAMESPACE }

/** What esbuild is told beyond the transformation of files: where the runtime is, and what is wrong. */
export function setUpEsbuild(build: PluginBuild, files: BundledFiles, once: Once): void {
  const { initialOptions: options } = build
  files.host = {
    root: options.absWorkingDir ?? process.cwd(),
    plainFormat: 'commonjs',
    location: formatOf(options) === 'esm' ? 'import.meta.url' : LOCATION_ANYWHERE,
    browser: browserSetting(options),
  }
  build.onStart(() => {
    once.reset()
    return { warnings: once.fresh(files.problems).map(toMessage) }
  })
  build.onEnd(() => ({ warnings: once.fresh(files.unmatched()).map(toMessage) }))
  if (options.bundle) resolveRuntime(build)
}

/** As esbuild has it: what is bundled, and for nothing in particular, is for browsers. */
function browserSetting({ bundle, platform }: BuildOptions): string | undefined {
  if (!bundle || (platform !== undefined && platform !== 'browser')) return undefined
  return platform === undefined ? "platform is 'browser' by default" : "platform: 'browser'"
}

function formatOf({ format, platform, bundle }: BuildOptions): BuildOptions['format'] {
  if (format) return format
  if (!bundle || platform === 'neutral') return 'esm'
  return platform === 'node' ? 'cjs' : 'iife'
}

function resolveRuntime(build: PluginBuild): void {
  build.onResolve({ filter: OWN_IMPORTS }, async args => {
    if (args.pluginData === ASKED || args.kind === 'entry-point' || args.namespace === NAMESPACE) return undefined
    const { path, kind, importer, resolveDir } = args
    const resolved = await build.resolve(path, { kind, importer, resolveDir, pluginData: ASKED })
    const own = resolved.errors.length > 0 ? ownFile(path) : undefined
    if (own !== undefined) return { path: own }
    return resolved.external ? importedInstead(build, args) : undefined
  })
  // The runtime's only dependency in CommonJS.
  build.onResolve({ filter: /^(node:)?(crypto|util)$/ }, args =>
    /[\\/]ksuid[\\/]/.test(args.importer) ? importedInstead(build, args) : undefined,
  )
  build.onLoad({ filter: /.*/, namespace: NAMESPACE }, ({ path }) => ({
    contents: `export * from ${JSON.stringify(path)}`,
    resolveDir: process.cwd(),
  }))
}

/**
 * esbuild leaves `require` of what is outside the bundle as it is, and an ES module has none: there it goes through a
 * module that imports.
 */
function importedInstead({ initialOptions }: PluginBuild, { kind, path }: OnResolveArgs): OnResolveResult | undefined {
  const needed = kind === 'require-call' && formatOf(initialOptions) === 'esm'
  return needed ? { path, namespace: NAMESPACE } : undefined
}

function toMessage(diagnostic: Diagnostic): PartialMessage {
  const { message, loc } = bundleWarning(diagnostic)
  return { text: message, location: loc ?? null }
}
