import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createProject } from '../project.ts'
import { BUILDERS } from './builders.ts'
import { bundledProject } from './bundled-project.ts'

const FORMATS = ['esm', 'cjs'] as const

describe.each(Object.entries(BUILDERS))('%s', (_, build) => {
  test.each(FORMATS)('the runtime goes into the bundle: %s', async format => {
    const project = bundledProject()
    const { directory } = project
    const { file, warnings } = await build({ directory, format, external: false, minify: true })
    rmSync(join(directory, 'node_modules'), { recursive: true })
    const { stdout, stderr, traces } = await project.node([file], { SPAN_TREE: 'json' })
    expect(warnings.filter(text => !/directive|sourcemap for reporting/i.test(text))).toEqual([])
    expect({ stdout: stdout.trim(), stderr: stderr.trim() }).toEqual({
      stdout: 'EUR 5 checkout <b>buy</b> 4 save! 3 PEAR,FIG',
      stderr: '',
    })
    expect(traces.split('\n').slice(0, 3)).toEqual([
      'registering src/shop.ts:5:10',
      'main src/main.ts:10:16',
      '  Shop.checkout src/shop.ts:23:9',
    ])
    expect(traces).toContain('\n    double src/legacy.cjs:1:10\n')
  })
})

const SERVICE = `import 'span-tree/link'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
async function answer() { return String(await Promise.resolve(Math.abs(-1))) }
async function ask(url: string) { return await (await fetch(url)).text() }
const server = createServer(async (_, response) => void response.end(await answer()))
server.listen(0, '127.0.0.1', async () => {
  console.log(await ask('http://127.0.0.1:' + (server.address() as AddressInfo).port + '/orders'))
  server.close()
})
`

test.each([
  ['esbuild', 'esm'],
  ['rolldown', 'cjs'],
  ['vite', 'esm'],
  ['rspack', 'cjs'],
] as const)('%s, %s: requests are linked in a bundle that imports span-tree/link', async (builder, format) => {
  const files = { 'package.json': '{ "type": "module" }', 'tsconfig.json': '{}', 'src/main.ts': SERVICE }
  const project = createProject(files, ['span-tree'])
  const { directory } = project
  const { file } = await BUILDERS[builder]!({ directory, format, external: false, minify: true })
  rmSync(join(directory, 'node_modules'), { recursive: true })
  const { stdout, stderr, traces } = await project.node([file], { SPAN_TREE: 'json' })
  expect({ stdout: stdout.trim(), stderr: stderr.trim() }).toEqual({ stdout: '1', stderr: '' })
  expect(traces.split('\n')).toEqual([
    '<anonymous @ listen> src/main.ts:7:31',
    '  ask src/main.ts:5:16',
    expect.stringMatching(/^ {4}GET 127\.0\.0\.1/),
    expect.stringMatching(/^ {6}GET \/orders/),
    '        <anonymous @ createServer> src/main.ts:6:29',
    '          answer src/main.ts:4:16',
  ])
})

test.each(FORMATS)('a runtime in the bundle and one outside are one: they share the task (%s)', async format => {
  const project = createProject(
    {
      'package.json': '{ "type": "module" }',
      'src/inner.ts': 'export async function inner() { return await Promise.resolve(Math.abs(-1)) }\n',
      'src/outer.ts': `async function outer() {
  const { inner } = await import(process.argv[2]!)
  return (await inner()) + (await Promise.all([inner(), inner()])).length
}
outer().then(sum => console.log(sum))
`,
    },
    ['span-tree'],
  )
  const { directory } = project
  const build = BUILDERS['esbuild']!
  const { file: inner } = await build({ directory, entry: 'src/inner.ts' })
  const { file: outer } = await build({ directory, entry: 'src/outer.ts', format, external: false, name: 'outer' })
  const { stdout, traces } = await project.node([outer, inner], { SPAN_TREE: 'json' })
  expect(stdout.trim()).toBe('3')
  expect(traces.split('\n').slice(0, 4)).toEqual([
    'outer src/outer.ts:1:16',
    '  inner src/inner.ts:1:23',
    '  inner src/inner.ts:1:23',
    '  inner src/inner.ts:1:23',
  ])
})

test('a pool that is loaded beside such a bundle works as it would without us', async () => {
  const project = createProject(
    {
      'package.json': '{ "type": "module" }',
      'node_modules/workerpool/index.js': "module.exports = { kind: 'pool' }\n",
      'src/main.ts': `import { createRequire } from 'node:module'
function load(name: string): { kind: string } { return createRequire(import.meta.url)(name) }
console.log(load(process.argv[2]!).kind)
`,
    },
    ['span-tree'],
  )
  const { file } = await BUILDERS['esbuild']!({ directory: project.directory, external: false })
  const { stdout, stderr, traces } = await project.node([file, 'workerpool'], { SPAN_TREE: 'json' })
  expect({ stdout: stdout.trim(), stderr: stderr.trim() }).toEqual({ stdout: 'pool', stderr: '' })
  expect(traces).toBe('load src/main.ts:2:10')
})
