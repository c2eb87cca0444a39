import type { WebpackPluginInstance } from 'webpack'
import type { BundlerOptions } from './bundled-files.ts'
import { bundlers } from './unplugin.ts'

export type { BundlerOptions } from './bundled-files.ts'

/** Instruments what webpack bundles for Node. The runtime goes into the bundle, unless packages are left out of it. */
export function spanTree(options: BundlerOptions = {}): WebpackPluginInstance {
  return bundlers.webpack(options)
}

export default spanTree
