import { rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { configure } from '../../transformer/configuration/configure.ts'
import { createProject, type Project } from '../adapters/project.ts'
import { nodeBinary } from '../support/node-versions.ts'

const APP = {
  'package.json': '{ "name": "app", "type": "module" }',
  'src/app.js': `import { half } from './half.js'
function main(order) {
  return half(order.items.length)
}
main({ items: [1, 2], card: { number: '4111', holder: 'Ann' } })
`,
  'src/half.js': 'export function half(n) { return Math.round(n / 2) }\n',
}
const BOTH = 'main src/app.js:2:10\n  half src/half.js:1:17'
const HALF = 'half src/half.js:1:17'
const JSON_TRACES = { SPAN_TREE: 'json' }

function app(files: Readonly<Record<string, string>>, packages: readonly string[] = []): Project {
  return createProject({ ...APP, ...files }, packages)
}

describe('a configuration file', () => {
  test.each([
    ['span-tree.config.json', '{ "include": ["src/half.js"] }'],
    ['span-tree.config.mjs', "export default { include: ['src/half.js'] }"],
    ['span-tree.config.js', "const include = ['src/half.js']\nexport default { include }"],
    ['package.json', '{ "type": "module", "span-tree": { "include": ["src/half.js"] } }'],
    [
      'span-tree.config.ts',
      `import { defineConfig } from 'span-tree/transformer'
import { wanted } from './wanted.ts'
export default defineConfig({ include: ['src/**'], predicate: site => (site.name as string) === wanted })`,
    ],
  ])('%s', async (name, text) => {
    const project = app({ [name]: text, 'wanted.ts': "export const wanted: string = 'half'" })
    const { stderr, traces } = await project.register(['src/app.js'], JSON_TRACES)
    expect(stderr).toBe('')
    expect(traces).toBe(HALF)
  })

  test('in TypeScript, on a Node that does not strip types by itself', async () => {
    const project = app({
      'span-tree.config.mts': `import { wanted } from './wanted.ts'
const predicate = (site: { name: string }): boolean => site.name === wanted
export default { predicate }`,
      'wanted.ts': "export const wanted: string = 'half'",
    })
    const withoutStripping = { ...JSON_TRACES, NODE_OPTIONS: '--no-experimental-strip-types' }
    const { stderr, traces } = await project.register(['src/app.js'], withoutStripping, nodeBinary(22))
    expect(stderr).toBe('')
    expect(traces).toBe(HALF)
  })

  test('as CommonJS', async () => {
    const project = createProject({
      'package.json': '{}',
      'span-tree.config.js': "module.exports = { functions: ['a'] }",
      'app.js': 'function a() { return b() }\nfunction b() { return Number(1) }\na()\n',
    })
    expect((await project.register(['app.js'], JSON_TRACES)).traces).toBe('a app.js:1:10')
  })

  test('holds for the whole package; its paths are the same from any directory', async () => {
    const project = app({ 'span-tree.config.json': '{ "include": ["src/half.js"] }' })
    const { traces } = await project.node(['--eval', 'process.chdir("src"); require("./app.js")'], {})
    expect(traces).toBe('')
    const options = JSON.stringify({ root: `${project.directory}/src`, exclude: ['app.js'], include: ['**'] })
    const moved = await project.register(['src/app.js'], { ...JSON_TRACES, SPAN_TREE_OPTIONS: options })
    expect(moved.traces).toBe(HALF)
  })

  test('inline options win over it, key by key', async () => {
    const project = app({ 'span-tree.config.json': '{ "include": ["src/half.js"], "functions": ["ma*", "ha*"] }' })
    const SPAN_TREE_OPTIONS = JSON.stringify({ include: ['src/**'] })
    const { traces } = await project.register(['src/app.js'], { ...JSON_TRACES, SPAN_TREE_OPTIONS })
    expect(traces).toBe(BOTH)
  })
})

test('a process that stays sees what has changed in it', () => {
  const project = app({ 'span-tree.config.json': '{ "include": ["a/**"] }' })
  const file = join(project.directory, 'span-tree.config.json')
  expect(configure({}, join(project.directory, 'src'))).toMatchObject({
    root: project.directory,
    options: { include: ['a/**'] },
  })
  writeFileSync(file, '{ "include": ["b/**"] }')
  utimesSync(file, 1, 1)
  expect(configure({}, project.directory).options).toEqual({ include: ['b/**'] })
  expect(
    configure({ include: ['./c/**', '!d', 'node_modules/x/**'], level: 'debug' }, join(project.directory, 'src'))
      .options,
  ).toEqual({
    include: ['src/c/**', '!src/d', 'node_modules/x/**'],
    level: 'debug',
  })
  rmSync(file)
  expect(configure({}, project.directory)).toMatchObject({ file: undefined, options: {} })
})

describe('what is wrong with it is one line with its place', () => {
  test.each([
    [
      'span-tree.config.ts',
      `import { defineConfig } from 'span-tree/transformer'
const rules = [
  { files: ['**'], minDuraton: 5 },
]
export default defineConfig({
  rules: [{ files: ['**'], capture: { argument: true } }],
  includes: ['src/**'],
})`,
      `span-tree.config.ts:6:39 - error SPT2001: unknown option 'rules[0].capture.argument': did you mean 'arguments'?
span-tree.config.ts:7:3 - error SPT2001: unknown option 'includes': did you mean 'include'?
`,
    ],
    [
      'package.json',
      '{\n  "type": "module",\n  "span-tree": {\n    "skipTrivial": "no"\n  }\n}',
      `package.json:4:5 - error SPT2002: option 'skipTrivial' must be true or false, not 'no': it is ignored
`,
    ],
    [
      'span-tree.config.json',
      '{\n  "rules": [{ "minDuration": 1 }],\n  "include": ]\n}',
      /^span-tree\.config\.json:3:14 - error SPT2007: this configuration cannot be read \(Unexpected token.*\): it is ignored\n$/,
    ],
    [
      'span-tree.config.json',
      '{\n  "rules": [{ "minDuration": 1 }]\n}',
      "span-tree.config.json:2:13 - error SPT2002: option 'rules[0].files' must be an array of globs, not absent: it is ignored\n",
    ],
    [
      'span-tree.config.json',
      '{ "predicate": "site => true" }',
      "span-tree.config.json:1:3 - error SPT2002: option 'predicate' must be a function (in a configuration that is code), not 'site => true': it is ignored\n",
    ],
    [
      'span-tree.config.mjs',
      'await 1\nexport default {}',
      'span-tree.config.mjs - error SPT2007: this configuration cannot be read (it has top-level await): it is ignored\n',
    ],
    [
      'span-tree.config.mjs',
      'export const include = []',
      'span-tree.config.mjs - error SPT2007: this configuration cannot be read (it has no default export): it is ignored\n',
    ],
    [
      'span-tree.config.mjs',
      '\nexport default { include: ] }',
      "span-tree.config.mjs:2:27 - error SPT2007: this configuration cannot be read (Unexpected token ']'): it is ignored\n",
    ],
    [
      'span-tree.config.mjs',
      'throw new Error("no database")',
      'span-tree.config.mjs - error SPT2007: this configuration cannot be read (no database): it is ignored\n',
    ],
  ])('%s: %j', async (name, text, expected) => {
    const { stderr, traces } = await app({ [name]: text }).register(['src/app.js'], JSON_TRACES)
    if (typeof expected === 'string') expect(stderr).toBe(expected)
    else expect(stderr).toMatch(expected)
    expect(traces).toBe(BOTH)
  })

  test('a second configuration', async () => {
    const project = app({
      'span-tree.config.json': '{}',
      'span-tree.config.mjs': "export default { include: ['src/half.js'] }",
    })
    const { stderr, traces } = await project.register(['src/app.js'], JSON_TRACES)
    expect(stderr).toBe(
      'span-tree.config.json - warning SPT2008: this configuration is ignored: span-tree.config.mjs comes first; make them one\n',
    )
    expect(traces).toBe(HALF)
  })
})

test('vite and tspc go by the same file', async () => {
  const project = app(
    {
      'span-tree.config.json': '{ "include": ["src/half.js"] }',
      'vite.config.mjs': `import { spanTree } from 'span-tree/vite'
export default { root: 'src', logLevel: 'warn', plugins: [spanTree()], build: { ssr: 'app.js', outDir: '../vite', emptyOutDir: true } }`,
      'tsconfig.json': JSON.stringify({
        compilerOptions: {
          ...{
            allowJs: true,
            checkJs: false,
            module: 'nodenext',
            target: 'es2022',
            types: [],
            rootDir: 'src',
            outDir: 'tsc',
          },
          plugins: [{ transform: 'span-tree/transformer' }],
        },
        include: ['src'],
      }),
    },
    ['span-tree', 'vite', 'typescript', 'ts-patch'],
  )
  const [vite, tspc] = await Promise.all([
    project.node(['node_modules/vite/bin/vite.js', 'build']),
    project.node(['node_modules/ts-patch/bin/tspc.js']),
  ])
  expect([vite.stderr, tspc.stdout + tspc.stderr]).toEqual(['', ''])
  const runs = [project.node(['vite/app.js'], JSON_TRACES), project.node(['tsc/app.js'], JSON_TRACES)]
  expect((await Promise.all(runs)).map(({ traces }) => traces)).toEqual([HALF, HALF])
})
