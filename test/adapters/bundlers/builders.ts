import { createRequire } from 'node:module'
import { basename, extname, join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import rspack from '@rspack/core'
import esbuild from 'esbuild'
import { rolldown } from 'rolldown'
import { type Plugin as RollupPlugin, rollup } from 'rollup'
import { build as viteBuild } from 'vite'
import webpack from 'webpack'
import type { BundlerOptions } from '../../../transformer/adapters/bundled-files.ts'
import { spanTree as forEsbuild } from '../../../transformer/adapters/esbuild.ts'
import { spanTree as forRolldown } from '../../../transformer/adapters/rolldown.ts'
import { spanTree as forRollup } from '../../../transformer/adapters/rollup.ts'
import { spanTree as forRspack } from '../../../transformer/adapters/rspack.ts'
import { spanTree as forVite } from '../../../transformer/adapters/vite.ts'
import { spanTree as forWebpack } from '../../../transformer/adapters/webpack.ts'
import { toolchain } from '../../support/toolchain.ts'

export interface BuildRequest {
  /** Of the project; its entry is `src/main.ts`, its output goes to `dist/`. */
  readonly directory: string
  readonly options?: BundlerOptions
  readonly minify?: boolean
  readonly format?: 'esm' | 'cjs'
  /** Whether span-tree stays outside the bundle; true unless told. */
  readonly external?: boolean
  readonly entry?: string
  /** Of the output; `main` by default. */
  readonly name?: string
  /** As for the browser, where the bundler knows of it. */
  readonly browser?: boolean
  /** Without span-tree: what the bundler makes by itself. */
  readonly plain?: boolean
}

export interface Built {
  /** The file to run. */
  readonly file: string
  /** As the bundler hands them over. */
  readonly warnings: readonly string[]
}

export type Builder = (request: BuildRequest) => Promise<Built>

const PLUGINS = {
  dependencies: {
    '@rollup/plugin-commonjs': '^29.0.0',
    '@rollup/plugin-node-resolve': '^16.0.0',
    'rollup-plugin-esbuild': '^6.2.1',
    'ts-loader': '^9.5.4',
    esbuild: '*',
    rollup: '*',
    typescript: '^6.0.0',
    webpack: '*',
  },
}

/** The folder with the plugins that the bundlers need beside span-tree's. */
export function bundlerPlugins(): string {
  return toolchain('bundler-plugins', PLUGINS)
}

function fromToolchain<T>(name: string): T {
  return createRequire(join(bundlerPlugins(), 'package.json'))(name) as T
}

function outputOf({ directory, format = 'esm', name = 'main' }: BuildRequest): string {
  return join(directory, 'dist', `${name}.${format === 'esm' ? 'mjs' : 'cjs'}`)
}

function namesOf(file: string): { entryFileNames: string; chunkFileNames: string } {
  return { entryFileNames: basename(file), chunkFileNames: `[name]-[hash]${extname(file)}` }
}

function entryOf({ directory, entry = 'src/main.ts' }: BuildRequest): string {
  return join(directory, entry)
}

const SPAN_TREE = /^span-tree(\/|$)/

const byRollup: Builder = async request => {
  const { directory, options, minify = false, format = 'esm', external = true } = request
  const warnings: string[] = []
  const esbuildPlugin = fromToolchain<{ default: (options: object) => RollupPlugin }>('rollup-plugin-esbuild').default
  const commonjs = fromToolchain<() => RollupPlugin>('@rollup/plugin-commonjs')
  const resolve = fromToolchain<{ default: (options: object) => RollupPlugin }>('@rollup/plugin-node-resolve').default
  const bundle = await rollup({
    input: entryOf(request),
    external: external ? [SPAN_TREE] : [],
    plugins: [
      esbuildPlugin({ target: 'es2022', minify, tsconfig: join(directory, 'tsconfig.json') }),
      resolve({ preferBuiltins: true, rootDir: directory }),
      commonjs(),
      request.plain ? undefined : forRollup({ root: directory, ...options }),
    ],
    onLog: (level, log) => level === 'warn' && warnings.push(located(log)),
  })
  const file = outputOf(request)
  const names = namesOf(file)
  await bundle.write({
    dir: join(directory, 'dist'),
    ...names,
    format: format === 'esm' ? 'es' : 'cjs',
    sourcemap: true,
  })
  await bundle.close()
  return { file, warnings }
}

const byRolldown: Builder = async request => {
  const { directory, options, minify = false, format = 'esm', external = true } = request
  const warnings: string[] = []
  const bundle = await rolldown({
    input: entryOf(request),
    cwd: directory,
    platform: request.browser ? 'browser' : 'node',
    tsconfig: join(directory, 'tsconfig.json'),
    external: external ? [SPAN_TREE] : [],
    plugins: request.plain ? [] : [forRolldown(options)],
    checks: { bundlerTimings: false },
    onLog: (level, log) => level === 'warn' && warnings.push(located(log)),
  })
  const file = outputOf(request)
  const names = namesOf(file)
  await bundle.write({ dir: join(directory, 'dist'), ...names, format, minify, sourcemap: true })
  await bundle.close()
  return { file, warnings }
}

const byVite: Builder = async request => {
  const { directory, options, minify = false, format = 'esm', external = true } = request
  const warnings: string[] = []
  const file = outputOf(request)
  await viteBuild({
    root: directory,
    configFile: false,
    logLevel: 'silent',
    plugins: request.plain ? [] : [forVite(options)],
    ...(!external && { ssr: { noExternal: true } }),
    build: {
      ssr: entryOf(request),
      sourcemap: true,
      minify,
      emptyOutDir: false,
      rollupOptions: {
        output: { format: format === 'esm' ? 'es' : 'cjs', ...namesOf(file) },
        checks: { bundlerTimings: false },
        onLog: (level, log) => level === 'warn' && warnings.push(located(log)),
      },
    },
  })
  return { file, warnings }
}

const byEsbuild: Builder = async request => {
  const { directory, options, minify = false, format = 'esm', external = true } = request
  const file = outputOf(request)
  const { warnings } = await esbuild.build({
    entryPoints: [entryOf(request)],
    absWorkingDir: directory,
    outfile: file,
    bundle: true,
    ...(!request.browser && { platform: 'node' as const }),
    format,
    minify,
    sourcemap: true,
    logLevel: 'silent',
    external: external ? ['span-tree', 'span-tree/*'] : [],
    plugins: request.plain ? [] : [forEsbuild(options)],
  })
  const texts = warnings.map(({ text, location }) => located({ message: text, loc: location }))
  return { file, warnings: texts }
}

const byWebpack: Builder = request => {
  const loader = { loader: createRequire(join(bundlerPlugins(), 'package.json')).resolve('ts-loader') }
  const rule = { test: /\.tsx?$/, use: [{ ...loader, options: { transpileOnly: true } }] }
  return compiled(webpack as never, request, rule, forWebpack(request.options))
}

const byRspack: Builder = request => {
  const parser = { syntax: 'typescript', tsx: true, decorators: true }
  const transform = { legacyDecorator: true, useDefineForClassFields: true, react: { pragma: 'element' } }
  const swc = { loader: 'builtin:swc-loader', options: { jsc: { parser, transform, target: 'es2022' } } }
  return compiled(rspack as never, request, { test: /\.tsx?$/, use: [swc] }, forRspack(request.options))
}

interface Stats {
  toJson(options: object): { readonly errors: { message: string }[]; readonly warnings: { message: string }[] }
}

interface Compiler {
  run(done: (error: Error | null, stats?: Stats) => void): void
  close(done: () => void): void
}

function compiled(
  bundler: (config: object) => Compiler,
  request: BuildRequest,
  rule: object,
  plugin: object,
): Promise<Built> {
  const { directory, minify = false, format = 'esm', external = true } = request
  const file = outputOf(request)
  const compiler = bundler({
    mode: minify ? 'production' : 'development',
    devtool: 'source-map',
    context: directory,
    target: request.browser ? 'web' : 'node22',
    entry: entryOf(request),
    experiments: { outputModule: format === 'esm' },
    output: {
      path: join(directory, 'dist'),
      filename: basename(file),
      library: { type: format === 'esm' ? 'module' : 'commonjs2' },
      devtoolModuleFilenameTemplate: '[absolute-resource-path]',
      ...(format === 'esm' && { module: true, chunkFormat: 'module' }),
    },
    externals: external ? [{ 'span-tree/abi': `${format === 'esm' ? 'module' : 'commonjs'} span-tree/abi` }] : [],
    resolve: { extensions: ['.ts', '.tsx', '.js'], extensionAlias: { '.js': ['.ts', '.tsx', '.js'] } },
    module: { rules: [rule] },
    plugins: request.plain ? [] : [plugin],
  })
  return new Promise((resolve, reject) => {
    compiler.run((error, stats) => {
      const { errors = [], warnings = [] } = stats?.toJson({ all: false, errors: true, warnings: true }) ?? {}
      compiler.close(() => {
        if (error || errors.length > 0) reject(error ?? new Error(errors.map(each => each.message).join('\n')))
        else resolve({ file, warnings: warnings.map(each => each.message) })
      })
    })
  })
}

interface Located {
  readonly message: string
  readonly loc?: { readonly line: number; readonly column: number } | null | undefined
}

function located({ message, loc }: Located): string {
  return loc ? `${plain(message)} [${loc.line}:${loc.column}]` : plain(message)
}

/** One line, without colours and the extract of the file below it. */
function plain(message: string): string {
  return stripVTControlCharacters(message).split('\n')[0] as string
}

export const BUILDERS: Readonly<Record<string, Builder>> = {
  rollup: byRollup,
  rolldown: byRolldown,
  vite: byVite,
  esbuild: byEsbuild,
  webpack: byWebpack,
  rspack: byRspack,
}
