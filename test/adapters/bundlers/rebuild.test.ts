import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import esbuild from 'esbuild'
import { type RollupWatcherEvent, watch } from 'rollup'
import { build as viteBuild } from 'vite'
import { expect, onTestFinished, test } from 'vitest'
import webpack, { type Configuration } from 'webpack'
import { spanTree as forEsbuild } from '../../../transformer/adapters/esbuild.ts'
import { spanTree as forRollup } from '../../../transformer/adapters/rollup.ts'
import { spanTree as forVite } from '../../../transformer/adapters/vite.ts'
import { spanTree as forWebpack } from '../../../transformer/adapters/webpack.ts'
import { createProject, type Project } from '../project.ts'

const FILES = {
  'package.json': '{ "type": "module" }',
  'src/main.js': `import { price } from './price.js'
function main() { return price(2) }
main()
`,
  'src/price.js': 'export function price(n) { return Math.abs(n) }\n',
}

const CHANGED = `
export function price(n) { return Math.abs(discount(n)) }
function discount(n) { return Math.round(n) }
`

const BEFORE = `\
main src/main.js:2:10
  price src/price.js:1:17`

const AFTER = `\
main src/main.js:2:10
  price src/price.js:2:17
    discount src/price.js:3:10`

function project(): Project {
  return createProject(FILES, ['span-tree'])
}

async function tree(of: Project, file = 'dist/main.js'): Promise<string> {
  const { traces, stderr } = await of.node([file], { SPAN_TREE: 'json' })
  return stderr.trim() || traces
}

function change({ directory }: Project): void {
  writeFileSync(join(directory, 'src/price.js'), CHANGED)
}

/** Runs the first build and the one after a change, each announced by `built`. */
async function expectRebuilt(of: Project, built: () => Promise<void>): Promise<void> {
  await built()
  expect(await tree(of)).toBe(BEFORE)
  const next = built()
  change(of)
  await next
  expect(await tree(of)).toBe(AFTER)
}

test('esbuild builds again', async () => {
  const of = project()
  const context = await esbuild.context({
    absWorkingDir: of.directory,
    entryPoints: ['src/main.js'],
    outfile: 'dist/main.js',
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    plugins: [forEsbuild()],
  })
  onTestFinished(() => context.dispose())
  await context.rebuild()
  expect(await tree(of)).toBe(BEFORE)
  change(of)
  await context.rebuild()
  expect(await tree(of)).toBe(AFTER)
})

interface Watcher {
  on(event: 'event', listener: (event: RollupWatcherEvent) => void): unknown
  off(event: 'event', listener: (event: RollupWatcherEvent) => void): unknown
  close(): Promise<void>
}

function bundled(watcher: Watcher): Promise<void> {
  return new Promise((resolve, reject) => {
    const listener = (event: RollupWatcherEvent): void => {
      if (event.code === 'ERROR') reject(event.error)
      if (event.code !== 'END') return
      watcher.off('event', listener)
      resolve()
    }
    watcher.on('event', listener)
  })
}

test('rollup watches', async () => {
  const of = project()
  const watcher = watch({
    input: join(of.directory, 'src/main.js'),
    output: { file: join(of.directory, 'dist/main.js'), format: 'es' },
    plugins: [forRollup({ root: of.directory })],
  })
  onTestFinished(() => watcher.close())
  await expectRebuilt(of, () => bundled(watcher as unknown as Watcher))
})

test('vite watches', async () => {
  const of = project()
  const watcher = (await viteBuild({
    root: of.directory,
    configFile: false,
    logLevel: 'silent',
    plugins: [forVite()],
    build: { ssr: 'src/main.js', watch: {} },
  })) as unknown as Watcher
  onTestFinished(() => watcher.close())
  await expectRebuilt(of, () => bundled(watcher))
})

function configuration(directory: string): Configuration {
  return {
    mode: 'development',
    devtool: false,
    context: directory,
    target: 'node',
    entry: './src/main.js',
    output: { path: join(directory, 'dist'), filename: 'main.js', module: true, library: { type: 'module' } },
    experiments: { outputModule: true },
    externals: { 'span-tree/abi': 'module span-tree/abi' },
  }
}

test('webpack watches', async () => {
  const of = project()
  const compiler = webpack({ ...configuration(of.directory), plugins: [forWebpack()] })
  let done: (error?: Error | null) => void = () => {}
  const built = (): Promise<void> =>
    new Promise((resolve, reject) => (done = error => (error ? reject(error) : resolve())))
  const first = built()
  const watching = compiler.watch({ aggregateTimeout: 5 }, error => done(error))
  onTestFinished(() => new Promise(resolve => watching?.close(() => resolve())))
  let waiting: Promise<void> | undefined = first
  await expectRebuilt(of, () => {
    const now = waiting ?? built()
    waiting = undefined
    return now
  })
})

test("webpack's cache on disk keeps nothing that other options have made", async () => {
  const of = project()
  const build = (options: object): Promise<string> =>
    new Promise((resolve, reject) => {
      const cache = { type: 'filesystem' as const, cacheDirectory: join(of.directory, '.cache') }
      const compiler = webpack({ ...configuration(of.directory), cache, plugins: [forWebpack(options)] })
      compiler.run((error, stats) => {
        const problem = error ?? (stats?.hasErrors() ? new Error(stats.toString()) : undefined)
        const { warnings = [] } = stats?.toJson({ all: false, warnings: true }) ?? {}
        compiler.close(() => (problem ? reject(problem) : resolve(warnings.map(each => each.message).join('\n'))))
      })
    })
  expect(await build({})).toBe('')
  expect(await tree(of)).toBe(BEFORE)
  expect(await build({ functions: ['main'] })).toBe('')
  expect(await tree(of)).toBe('main src/main.js:2:10')
  expect(await build({ functions: ['main'] })).toBe('')
  expect(await tree(of)).toBe('main src/main.js:2:10')
})
