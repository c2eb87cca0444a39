import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { ContentCache, cacheKey } from '../../transformer/cache.ts'
import { createProject, type Finished, type Project, REGISTER } from '../adapters/project.ts'

const APP = {
  'package.json': '{ "type": "module" }',
  'app.ts': `import { half } from './half.ts'
/** @span */ // not used
const limit: number = 3
export function main(): number { return half(limit) }
console.log(main())
`,
  'half.ts': 'export function half(n: number): number { return Math.round(n / 2) }\n',
  'node_modules/.keep': '',
}
const TREE = 'main app.ts:4:17\n  half half.ts:1:17'

/** What is loaded says whether the work was done or found. */
const SPY = `import { registerHooks } from 'node:module'
registerHooks({ resolve(specifier, context, next) {
  if (specifier === 'oxc-parser') console.log('parser loaded')
  return next(specifier, context)
} })`

function app(files: Readonly<Record<string, string>> = {}): Project {
  return createProject({ ...APP, 'spy.mjs': SPY, ...files })
}

function run(project: Project, env: NodeJS.ProcessEnv = {}): Promise<Finished> {
  return project.node(['--import', './spy.mjs', '--import', REGISTER, 'app.ts'], { SPAN_TREE: 'json', ...env })
}

function entriesOf(project: Project): string[] {
  const directory = join(project.directory, 'node_modules/.cache/span-tree')
  return readdirSync(directory).map(name => join(directory, name))
}

test('what has not changed is not parsed again: same trace, same warnings', async () => {
  const project = app()
  const first = await run(project)
  expect(first).toMatchObject({ stdout: 'parser loaded\n2\n', traces: TREE })
  expect(first.stderr).toMatch(/^app\.ts:2:5 - warning SPT1002/)
  expect(await run(project)).toEqual({ ...first, stdout: '2\n' })
})

test('a changed text, changed options and SPAN_TREE_CACHE=off are done anew', async () => {
  const project = app()
  await run(project)
  writeFileSync(join(project.directory, 'half.ts'), `\n${APP['half.ts']}`)
  expect(await run(project)).toMatchObject({
    stdout: 'parser loaded\n2\n',
    traces: TREE.replace('half.ts:1', 'half.ts:2'),
  })
  const others = { SPAN_TREE_OPTIONS: '{"functions":["main"]}' }
  expect(await run(project, others)).toMatchObject({ stdout: 'parser loaded\n2\n', traces: 'main app.ts:4:17' })
  expect((await run(project, { SPAN_TREE_CACHE: 'off' })).stdout).toBe('parser loaded\n2\n')
  expect((await run(project)).stdout).toBe('2\n')
})

test('broken entries are as good as none, and are replaced', async () => {
  const project = app()
  await run(project)
  const [first, second] = entriesOf(project) as [string, string]
  truncateSync(first, 100)
  writeFileSync(second, readFileSync(second, 'utf8').replace('half', 'HALF'))
  expect(await run(project)).toMatchObject({ stdout: 'parser loaded\n2\n', traces: TREE, code: 0 })
  expect((await run(project)).stdout).toBe('2\n')
})

test('what TypeScript compiles is kept until its options change', async () => {
  const project = createProject(
    {
      'package.json': '{ "type": "module" }',
      'spy.mjs': SPY.replace('oxc-parser', 'typescript').replace('parser', 'compiler'),
      'tsconfig.json': '{ "extends": "./base.json" }',
      'base.json': '{ "compilerOptions": { "jsx": "react", "jsxFactory": "one" } }',
      'app.ts': "import './page.tsx'\n",
      'page.tsx': "const one = () => 'one'\nconst two = () => 'two'\nconsole.log(<b></b>)\n",
    },
    ['typescript'],
  )
  expect((await run(project)).stdout).toBe('compiler loaded\none\n')
  expect((await run(project)).stdout).toBe('one\n')
  writeFileSync(join(project.directory, 'base.json'), '{ "compilerOptions": { "jsx": "react", "jsxFactory": "two" } }')
  expect((await run(project)).stdout).toBe('compiler loaded\ntwo\n')
})

test('a predicate is asked each time', async () => {
  const config = "export default { predicate: site => !process.env.LESS || site.name === 'half' }"
  const project = app({ 'span-tree.config.mjs': config })
  expect((await run(project)).traces).toBe(TREE)
  expect((await run(project, { LESS: '1' })).traces).toBe('half half.ts:1:17')
})

test('a place that cannot be written to is no harm', async () => {
  const project = app({ 'no-directory': '' })
  expect(await run(project, { SPAN_TREE_CACHE: 'no-directory' })).toMatchObject({ traces: TREE, code: 0 })
})

test('is bounded: the oldest entries make room', () => {
  const directory = mkdtempSync(join(tmpdir(), 'span-tree-cache-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const keys = Array.from({ length: 5_002 }, (_, i) => cacheKey(i))
  const cache = new ContentCache(directory)
  for (const key of keys) cache.set(key, 'value')
  utimesSync(join(directory, keys[4_000] as string), 0, 0)
  const later = new ContentCache(directory)
  later.set('later', 'value')
  expect(readdirSync(directory)).toHaveLength(2_501)
  expect([later.get('later'), later.get(keys[4_000] as string), later.get(keys[5_001] as string)]).toEqual([
    'value',
    undefined,
    'value',
  ])
})
