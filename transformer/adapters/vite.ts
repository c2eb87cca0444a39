import type { Environment, Plugin, Rolldown } from 'vite'
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
    configResolved({ root }) {
      files.host = { root, plainFormat: 'module' }
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
  return consumer === 'server' || (environment.mode === 'build' ? Boolean(build.lib) : isVitest(environment))
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
