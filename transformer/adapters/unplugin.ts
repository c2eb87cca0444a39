import type { NativeBuildContext, UnpluginInstance } from 'unplugin'
import { optionalPackage } from '../optional-package.ts'
import { bundleWarning, sayOnce } from './bundle-warnings.ts'
import { BundledFiles, type BundlerOptions } from './bundled-files.ts'
import { setUpEsbuild } from './esbuild-build.ts'
import { setUpCompiler } from './webpack-compiler.ts'

const { createUnplugin } = optionalPackage<typeof import('unplugin')>('unplugin')

/**
 * The plugin for the bundlers whose own interfaces ask for more than hooks: esbuild, which lets one plugin load a file,
 * webpack and Rspack, which want loaders, and Bun.
 */
export const bundlers: UnpluginInstance<BundlerOptions | undefined, false> = createUnplugin((options = {}) => {
  const files = new BundledFiles(options)
  const once = sayOnce()
  return {
    name: 'span-tree',
    enforce: 'pre',
    transform: {
      filter: { id: files.idFilter },
      handler(code, id) {
        const result = files.transform(code, id, { sourceMap: wantsMap(this.getNativeBuildContext?.()) })
        for (const each of once.fresh(result?.diagnostics ?? [])) this.warn(bundleWarning(each))
        return result?.changed ? { code: result.code, map: result.map } : null
      },
    },
    esbuild: { onLoadFilter: files.idFilter.include, setup: build => setUpEsbuild(build, files, once) },
    webpack: compiler => setUpCompiler(compiler, files, once),
    rspack: compiler => setUpCompiler(compiler, files, once),
  }
})

function wantsMap(context: NativeBuildContext | undefined): boolean {
  if (context?.framework === 'esbuild') return Boolean(context.build.initialOptions.sourcemap)
  // webpack's loaders are told file by file.
  if (context?.framework !== 'webpack' && context?.framework !== 'rspack') return true
  return context.loaderContext?.sourceMap !== false
}
