import type { Plugin } from 'rollup'
import { BundledFiles, type BundlerOptions } from './bundled-files.ts'
import { COMMONJS_ABI, rollupPlugin } from './rollup-plugin.ts'

export type { BundlerOptions } from './bundled-files.ts'

/**
 * Instruments what Rollup bundles for Node. Types must be taken away by a plugin that transforms what it is given
 * (`rollup-plugin-esbuild`, swc's, sucrase's). The runtime stays outside the bundle, unless a resolver takes packages in.
 */
export function spanTree(options: BundlerOptions = {}): Plugin {
  const files = new BundledFiles(options)
  files.host = { root: process.cwd(), plainFormat: 'module', commonjsAbi: COMMONJS_ABI }
  return rollupPlugin(files, 'external')
}

export default spanTree
