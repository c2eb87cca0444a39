import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { COUNTING_PARSER, PARSER_SPY } from './counting-parser.ts'
import { CLI, createProject, type Finished, type Project } from './project.ts'

const BUILD = `import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { build, createServer } from 'vite'
import { rollup } from 'rollup'
import esbuild from 'esbuild'
import webpack from 'webpack'
import * as plugins from './plugins.mjs'
const rolledUp = async () => {
  const bundle = await rollup({ input: 'src/main.js', external: /^span-tree/, plugins: [plugins.rollup()] })
  const { output } = await bundle.generate({ format: 'es', sourcemap: true })
  await bundle.close()
  return output[0].code + output[0].map.mappings
}
const BUILDS = {
  rollup: rolledUp,
  async vite() {
    const settings = { configFile: false, logLevel: 'silent', plugins: [plugins.vite()] }
    const { output } = await build({ ...settings, build: { ssr: 'src/main.js', write: false, sourcemap: true } })
    return output[0].code + output[0].map.mappings
  },
  async 'the server of vite'() {
    const settings = { configFile: false, logLevel: 'silent', plugins: [plugins.vite()] }
    const server = await createServer({ ...settings, server: { middlewareMode: true, ws: false, watch: null } })
    const { code, map } = await server.transformRequest('/src/half.js', { ssr: true })
    await server.close()
    return code + map.mappings
  },
  async esbuild() {
    const { outputFiles } = await esbuild.build({
      entryPoints: ['src/main.js'], bundle: true, platform: 'node', format: 'esm', external: ['span-tree/*'],
      write: false, sourcemap: 'inline', plugins: [plugins.esbuild()],
    })
    return outputFiles[0].text
  },
  webpack: () => new Promise((resolve, reject) => {
    const compiler = webpack({
      mode: 'development', target: 'node', entry: './src/main.js', devtool: 'source-map', plugins: [plugins.webpack()],
      externals: { 'span-tree/abi': 'module span-tree/abi' }, experiments: { outputModule: true },
      output: { path: process.cwd() + '/dist', filename: 'main.js', module: true },
    })
    compiler.run((error, stats) => {
      if (error || stats.hasErrors()) return reject(error ?? new Error(stats.toString()))
      resolve(readFileSync('dist/main.js', 'utf8') + readFileSync('dist/main.js.map', 'utf8'))
    })
  }),
}
for (const [name, run] of Object.entries(BUILDS)) {
  const before = parses
  const hash = createHash('sha1').update(await run()).digest('hex')
  console.log(name + ': ' + (parses - before) + ' parsed ' + hash)
}`

const VARIANTS = `import { appendFileSync } from 'node:fs'
import { rollup } from 'rollup'
import { spanTree } from 'span-tree/rollup'
async function build(name, options, cache = '') {
  process.env.SPAN_TREE_CACHE = cache
  const before = parses
  const bundle = await rollup({ input: 'src/main.js', external: /^span-tree/, plugins: [spanTree(options)] })
  await bundle.generate({ format: 'es' })
  console.log(name + ': ' + (parses - before))
}
await build('as it is')
await build('the same')
appendFileSync('src/half.js', '// more')
await build('a comment more')
await build('other options', { functions: ['main'] })
await build('the same options', { functions: ['main'] })
await build('a predicate', { predicate: () => true })
await build('the same predicate', { predicate: () => true })
await build('no cache', {}, 'off')
await build('elsewhere', {}, 'elsewhere')
await build('as it was')`

const NAMES = ['vite', 'rollup', 'esbuild', 'webpack']
const PLUGINS = NAMES.map(name => `export { spanTree as ${name} } from 'span-tree/${name}'`).join('\n')

const HALF = 'export function half(n) { return Math.round(n / 2) }\n'

const FILES = {
  'package.json': '{ "type": "module" }',
  ...COUNTING_PARSER,
  'plugins.mjs': PLUGINS,
  'build.mjs': BUILD,
  'src/main.js': "import { half } from './half.js'\nfunction main() { return half(3) }\nconsole.log(main())\n",
  'src/half.js': HALF,
}

const PACKAGES = ['span-tree', ...NAMES]

async function builds(of: Project): Promise<{ parsed: string[]; results: string[] }> {
  const { stdout, stderr } = await of.node(['--import', PARSER_SPY, 'build.mjs'])
  expect(stderr).toBe('')
  const lines = stdout.trim().split('\n')
  const parsed = lines.map(line => line.replace(/ parsed.*/, ''))
  return { parsed, results: lines.map(line => line.replace(/: \d+ parsed/, '')) }
}

const ALL_PARSED = ['rollup: 2', 'vite: 2', 'the server of vite: 0', 'esbuild: 2', 'webpack: 2']
const NONE_PARSED = ALL_PARSED.map(line => line.replace(/\d/, '0'))

test('a second build parses nothing, and is the same', { timeout: 30_000 }, async () => {
  const of = createProject(FILES, PACKAGES)
  const first = await builds(of)
  expect(first.parsed).toEqual(ALL_PARSED)
  const second = await builds(of)
  expect(second.parsed).toEqual(NONE_PARSED)
  expect(second.results).toEqual(first.results)
})

test('another text, other options, another place: done anew', { timeout: 30_000 }, async () => {
  const of = createProject({ ...FILES, 'build.mjs': VARIANTS }, PACKAGES)
  const { parsed } = await builds(of)
  expect(parsed).toEqual([
    'as it is: 2',
    'the same: 0',
    'a comment more: 1',
    'other options: 2',
    'the same options: 0',
    'a predicate: 2',
    'the same predicate: 2',
    'no cache: 2',
    'elsewhere: 2',
    'as it was: 0',
  ])
})

test('span-tree instrument parses what has changed', async () => {
  const of = createProject(FILES, PACKAGES)
  const instrument = (): Promise<Finished> =>
    of.node(['--import', PARSER_SPY, CLI, 'instrument', 'src', '--out', 'dist'], { COUNT: '1' })
  const first = await instrument()
  expect(first.stdout).toMatch(/^src → dist: 2 functions in 2 of 2 files\n2 parsed\n$/)
  const made = readFileSync(join(of.directory, 'dist/half.js'), 'utf8')
  rmSync(join(of.directory, 'dist'), { recursive: true })
  expect(await instrument()).toEqual({ ...first, stdout: first.stdout.replace('2 parsed', '0 parsed') })
  expect(readFileSync(join(of.directory, 'dist/half.js'), 'utf8')).toBe(made)
  writeFileSync(join(of.directory, 'src/half.js'), `\n${HALF}`)
  expect((await instrument()).stdout).toBe(first.stdout.replace('2 parsed', '1 parsed'))
})
