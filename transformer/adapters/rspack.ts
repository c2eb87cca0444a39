import type { RspackPluginInstance } from '@rspack/core'
import type { BundlerOptions } from './bundled-files.ts'
import { bundlers } from './unplugin.ts'

export type { BundlerOptions } from './bundled-files.ts'

/** Instruments what Rspack bundles for Node. The runtime goes into the bundle, unless packages are left out of it. */
export function spanTree(options: BundlerOptions = {}): RspackPluginInstance {
  return bundlers.rspack(options)
}

export default spanTree
