import type { Plugin } from 'rolldown'
import { BundledFiles, type BundlerOptions } from './bundled-files.ts'
import { rollupPlugin } from './rollup-plugin.ts'

export type { BundlerOptions } from './bundled-files.ts'

/** Instruments what Rolldown bundles for Node. The runtime goes into the bundle, unless it is declared `external`. */
export function spanTree(options: BundlerOptions = {}): Plugin {
  const files = new BundledFiles(options)
  return {
    ...rollupPlugin(files, 'own'),
    options({ cwd, platform }) {
      // Only where it is said: by default every bundle of ES modules counts as one for the browser.
      const browser = platform === 'browser' ? "platform: 'browser'" : undefined
      files.host = { root: cwd ?? process.cwd(), plainFormat: 'commonjs', browser }
      return null
    },
  }
}

export default spanTree
