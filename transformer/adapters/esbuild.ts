import type { Plugin } from 'esbuild'
import type { BundlerOptions } from './bundled-files.ts'
import { bundlers } from './unplugin.ts'

export type { BundlerOptions } from './bundled-files.ts'

/** Instruments what esbuild bundles for Node. The runtime goes into the bundle, unless packages are left out of it. */
export function spanTree(options: BundlerOptions = {}): Plugin {
  return bundlers.esbuild(options)
}

export default spanTree
