import { readdirSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import { createProject, npm, packTarball, shell } from './pack.ts'

/** A production image: what has been built runs, and nothing can be instrumented there. */
let directory: string

beforeAll(() => {
  directory = createProject('production', {
    'package.json': '{ "name": "production", "private": true, "type": "module" }',
    'traced.js': `import { getLogger } from 'span-tree'
getLogger('orders').span('checkout', () => console.log('ran'))
`,
  })
  npm(directory, ['install', '--omit=dev', '--omit=optional', '--no-audit', '--no-fund', packTarball()])
})

test('installs the runtime, and for it kleur', () => {
  const packages = readdirSync(`${directory}/node_modules`).filter(name => !name.startsWith('.'))
  expect(packages).toEqual(['kleur', 'span-tree'])
})

test('runs what was built', () => {
  const { stdout, stderr, status } = shell(directory, 'node traced.js', { SPAN_TREE: 'json' })
  expect(status).toBe(0)
  expect(stdout + stderr).toMatch(/^ran$/m)
  expect(stdout + stderr).toMatch(/^\{"traceId".*"name":"checkout"/m)
})

test.each([
  'node_modules/.bin/span-tree run -- node traced.js',
  'node --import span-tree/register traced.js',
  `node --eval "import('span-tree/transformer')"`,
  `node --eval "import('span-tree/vite')"`,
])('%s says what is missing and what to do', command => {
  const { status, stderr } = shell(directory, command, { SPAN_TREE: 'off' })
  expect(status).toBe(1)
  expect(stderr).toMatch(/optional dependency [\w-]+ is not installed\. Install without --omit=optional/)
})
