import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import rspack from '@rspack/core'
import { expect, test } from 'vitest'
import webpack from 'webpack'
import { spanTree as forRspack } from '../../../transformer/adapters/rspack.ts'
import { spanTree as forWebpack } from '../../../transformer/adapters/webpack.ts'
import { createProject } from '../project.ts'

const FILES = {
  'package.json': '{ "type": "module" }',
  'src/main.js': "import './client.js'\nimport './actions.js'\n",
  'src/client.js': "'use client'\nexport function Button() { return Math.abs(1) }\n",
  'src/actions.js': `// The server's.
'use server'
export async function save() { 'use strict'; return await Promise.resolve(1) }
export const inline = () => [1].map(async function () {
  'use server'
  return await Promise.resolve(2)
})
`,
  // As Next's loaders do, it reads the directives of what it is given, before anything else has seen it.
  'spy.cjs': `const { appendFileSync } = require('node:fs')
module.exports = function (code) {
  appendFileSync(__dirname + '/seen.jsonl', JSON.stringify(code) + '\\n')
  return code
}
`,
}

type Bundler = (config: object) => { run(done: (error: Error | null, stats?: { hasErrors(): boolean }) => void): void }

test.each([
  ['webpack', webpack as unknown as Bundler, forWebpack()],
  ['rspack', rspack as unknown as Bundler, forRspack()],
])("%s: a loader in Next's position finds the directives first", async (_, bundler, plugin) => {
  const { directory } = createProject(FILES, ['span-tree'])
  const compiler = bundler({
    mode: 'development',
    context: directory,
    target: 'node',
    entry: './src/main.js',
    output: { path: join(directory, 'dist') },
    externals: { 'span-tree/abi': 'commonjs span-tree/abi' },
    module: { rules: [{ test: /(client|actions)\.js$/, loader: join(directory, 'spy.cjs') }] },
    plugins: [plugin],
  })
  await new Promise<void>((resolve, reject) =>
    compiler.run((error, stats) => (error || stats?.hasErrors() ? reject(error ?? new Error('errors')) : resolve())),
  )
  const seen = readFileSync(join(directory, 'seen.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as string)
  const client = seen.find(code => code.includes('Button'))
  const actions = seen.find(code => code.includes('save'))
  expect(client).toMatch(/^'use client'; import .*span-tree\/abi/)
  expect(actions).toMatch(/^\/\/ The server's\.\n'use server'; import .*span-tree\/abi/)
  expect(actions).toMatch(/save\(\) \{ 'use strict'; const \$st_f = /)
  expect(actions).toMatch(/async function \(\) \{\n {2}'use server'; const \$st_f = /)
})
