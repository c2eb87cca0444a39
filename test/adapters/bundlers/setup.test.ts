import { existsSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { createProject, type Project } from '../project.ts'
import { bundlerPlugins } from './builders.ts'
import { setupFiles } from './setup-blocks.ts'

const FILES = {
  'package.json': '{ "name": "app", "type": "module" }',
  'tsconfig.json': '{ "compilerOptions": { "target": "es2022", "module": "esnext", "sourceMap": true, "types": [] } }',
  'src/main.ts': `import { price } from './price'
async function checkout(items: readonly string[]): Promise<number> {
  await Promise.resolve()
  return items.map(price).reduce((a, b) => a + b)
}
checkout(['a', 'bb']).then(sum => console.log(sum))
`,
  'src/price.ts': 'export const price = (item: string): number => Math.abs(item.length)\n',
}

const TREE = `\
checkout src/main.ts:2:16
  price src/price.ts:1:22
  price src/price.ts:1:22
<anonymous @ then> src/main.ts:6:28`

const WEBPACK = `import { pathToFileURL } from 'node:url'
const [name] = process.argv.slice(2)
const { default: bundler } = await import(name === 'webpack' ? 'webpack' : '@rspack/core')
const { default: config } = await import('./' + name + '.config.js')
bundler({ context: process.cwd(), ...config }, (error, stats) => {
  if (error || stats.hasErrors() || stats.hasWarnings()) console.error(error ?? stats.toString())
})
`

const bin = (path: string): string => fileURLToPath(new URL(`../../../node_modules/${path}`, import.meta.url))

const TOOLS = [
  { section: 'Vite', packages: ['vite'], command: [bin('vite/bin/vite.js'), 'build', '--logLevel', 'warn'] },
  { section: 'Rollup', packages: ['rollup'], command: [bin('rollup/dist/bin/rollup'), '-c', '--silent'] },
  { section: 'Rolldown', packages: ['rolldown'], command: [bin('rolldown/bin/cli.mjs'), '-c'] },
  { section: 'esbuild', packages: ['esbuild'], command: ['build.mjs'] },
  { section: 'webpack', packages: ['webpack'], command: ['run.mjs', 'webpack'] },
  { section: 'Rspack', packages: ['@rspack/core'], command: ['run.mjs', 'rspack'] },
]

test.each(TOOLS)('$section, as docs/setup.md has it', async ({ section, packages, command }) => {
  const files = { ...FILES, 'run.mjs': WEBPACK, ...setupFiles(section) }
  const project = createProject(files, ['span-tree', 'typescript', ...packages])
  for (const name of ['rollup-plugin-esbuild', 'ts-loader']) linkPlugin(project, name)
  const built = await project.node(command)
  expect({ stderr: built.stderr, code: built.code }).toEqual({ stderr: '', code: 0 })
  const { stdout, stderr, traces } = await project.node(['dist/main.js'], { SPAN_TREE: 'json' })
  expect({ stdout: stdout.trim(), stderr: stderr.trim() }).toEqual({ stdout: '3', stderr: '' })
  expect(traces).toBe(TREE)
})

test('Vitest, as docs/setup.md has it', async () => {
  const tests = `import { recorder, renderTree } from 'span-tree/testing'
import { expect, test } from 'vitest'
import { price } from './price'
test('a call is seen', () => {
  expect(price('abc')).toBe(3)
  expect(renderTree(recorder.trees, { locations: true })).toBe('price (src/price.ts:1:22)')
})
`
  const project = createProject({ ...FILES, 'src/price.test.ts': tests, ...setupFiles('Vitest') }, [
    'span-tree',
    'vitest',
  ])
  const { stdout, code } = await project.node([bin('vitest/vitest.mjs'), 'run', '--reporter', 'tap-flat'])
  expect({ stdout, code }).toEqual({ stdout: expect.stringMatching(/^ok 1 /m), code: 0 })
})

test('Next.js, as docs/setup.md has it: the compiler for Node gets the plugin, no other', async () => {
  const check = `const { default: { webpack } } = await import('./next.config.mjs')
const plugins = server => webpack({ plugins: [] }, server).plugins.length
console.log(plugins({ isServer: true, nextRuntime: 'nodejs' }), plugins({ isServer: true, nextRuntime: 'edge' }), plugins({ isServer: false }))
`
  const project = createProject({ 'check.mjs': check, ...setupFiles('Next.js', 1) }, ['span-tree'])
  expect((await project.node(['check.mjs'])).stdout.trim()).toBe('1 0 0')
})

function linkPlugin({ directory }: Project, name: string): void {
  const path = join(directory, 'node_modules', name)
  if (!existsSync(path)) symlinkSync(join(bundlerPlugins(), 'node_modules', name), path, 'junction')
}
