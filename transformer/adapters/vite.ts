import type { Environment, Plugin, ResolvedConfig, Rolldown } from 'vite'
import { bundleWarning, sayOnce } from './bundle-warnings.ts'
import { BundledFiles, type BundlerOptions } from './bundled-files.ts'
import { OWN_IMPORTS, ownFile } from './own-imports.ts'
import { rollupFile } from './rollup-plugin.ts'
import { assignBehindSuper, BEHIND_SOMETHING } from './super-assignments.ts'

export type { BundlerOptions } from './bundled-files.ts'

/**
 * Instruments the project's own files in Vite: builds for Node (`build.ssr`, `build.lib`), the server side of the dev
 * server, and vitest. Without `include`, everything below Vite's root that is not in `node_modules`. Code for the
 * browser is left alone: the runtime needs Node.
 */
export function spanTree(options: BundlerOptions = {}): Plugin[] {
  return [beforeCompilers(options), behindOxc]
}

function beforeCompilers(options: BundlerOptions): Plugin {
  const files = new BundledFiles(options)
  // Several environments build one file; what concerns it is said once.
  const once = sayOnce()
  return {
    name: 'span-tree',
    enforce: 'pre',
    configResolved(config) {
      const browser = componentLibrary(config)
      files.host = { root: config.root, plainFormat: 'module', ...(browser !== undefined && { browser }) }
    },
    buildStart() {
      for (const each of once.fresh(files.problems)) this.warn(bundleWarning(each))
    },
    resolveId: {
      order: 'pre',
      filter: { id: OWN_IMPORTS },
      handler(source, importer, { isEntry }) {
        return isEntry ? null : resolveOwn(this, source, importer)
      },
    },
    transform: {
      filter: { id: /\.[cm]?[jt]sx?($|\?)/ },
      handler(code, id) {
        if (!runsInNode(this.environment)) return null
        const result = files.transform(code, id)
        for (const each of once.fresh(result?.diagnostics ?? [])) this.warn(bundleWarning(each))
        return rollupFile(result)
      },
    },
    buildEnd() {
      // A dev server, and so vitest, has loaded only what was asked for.
      if (this.environment.mode !== 'build' || !runsInNode(this.environment)) return
      for (const each of once.fresh(files.unmatched())) this.warn(bundleWarning(each))
    },
  }
}

export default spanTree

const behindOxc: Plugin = {
  name: 'span-tree:behind-oxc',
  enforce: 'post',
  transform: {
    filter: { code: BEHIND_SOMETHING },
    handler: (code, id) => assignBehindSuper(code, id),
  },
}

function runsInNode(environment: Environment): boolean {
  const { consumer, build } = environment.config
  if (consumer === 'server') return true
  if (environment.mode !== 'build') return isVitest(environment)
  return Boolean(build.lib) && componentLibrary(environment.getTopLevelConfig()) === undefined
}

/** Plugins of what draws in browsers. */
const COMPONENTS = /^(vite:(react|vue|preact|svelte)|vite-plugin-(svelte|solid|vue)|solid$)/

/** Why a library that is built is one for browsers, although nothing of the build says so; undefined for all others. */
function componentLibrary({ command, build, plugins }: ResolvedConfig): string | undefined {
  if (command !== 'build' || !build.lib || build.ssr) return undefined
  const components = plugins.find(({ name }) => COMPONENTS.test(name))
  return components && `build.lib with ${components.name}`
}

// What vitest's jsdom and happy-dom run as a client runs in Node too; only its browser mode does not.
function isVitest(environment: Environment): boolean {
  const { test } = environment.getTopLevelConfig() as { test?: { browser?: { enabled?: boolean } } }
  return process.env['VITEST'] !== undefined && test?.browser?.enabled !== true
}

/**
 * What is built for Node finds span-tree at run time: a copy bundled into each output would be a runtime of its own.
 * (With `noExternal: true` that is what was asked for.) Elsewhere the runtime is this one where the project has none.
 */
async function resolveOwn(
  context: Rolldown.PluginContext,
  source: string,
  importer: string | undefined,
): Promise<Rolldown.ResolveIdResult> {
  const { mode, config } = context.environment
  if (!runsInNode(context.environment)) return null
  if (mode === 'build' && config.resolve.noExternal !== true) return { id: source, external: true }
  const resolved = await context.resolve(source, importer, { skipSelf: true })
  return resolved ?? ownFile(source) ?? null
}
