import { join } from 'node:path'
import { expect, test } from 'vitest'
import { instrument } from '../../transformer/index.ts'
import { createProject, type Project } from '../adapters/project.ts'
import { toolchain } from '../support/toolchain.ts'

const PROGRAM = `
function leaf(n) { return Math.abs(n) }
async function later(n) { await null; if (n > 1) throw new TypeError('too many'); return leaf(n) }
function* counts(n) { yield leaf(n) }
class Shop { #open = leaf(1); async sell() { return this.#open + (await later(1)) } }
async function main() {
  await Promise.all([later(1), later(2).catch(() => {}), new Shop().sell()])
  for (const n of counts(1)) leaf(n)
  await new Promise(resolve => setTimeout(() => resolve(leaf(2)), 1))
}
main().then(function done() { console.log('done') })
`

const JSON_LINES = { SPAN_TREE: 'json' }

/** A program that is instrumented already, in a project of its own. */
function traced(code: string, more: Readonly<Record<string, string>> = {}): Project {
  const options = {
    filename: '/app/main.js',
    root: '/app',
    include: ['**'],
    skipTrivial: false,
    format: 'module',
  } as const
  const files = { 'package.json': '{ "type": "module" }', 'main.js': instrument(code, options).code, ...more }
  return createProject(files, ['span-tree'])
}

test('with intrinsics that are frozen', async () => {
  const plain = await traced(PROGRAM).node(['main.js'], JSON_LINES)
  const frozen = await traced(PROGRAM).node(['--frozen-intrinsics', '--no-warnings', 'main.js'], JSON_LINES)
  expect({ stdout: frozen.stdout.trim(), stderr: frozen.stderr.trim() }).toEqual({ stdout: 'done', stderr: '' })
  expect(frozen.traces).toContain('Shop.sell')
  expect(frozen.traces).toBe(plain.traces)
})

test('under Bun', async () => {
  const bun = join(toolchain('bun', { dependencies: { bun: '^1.4.0' } }), 'node_modules/bun/bin/bun.exe')
  const { stdout, stderr, traces } = await traced(PROGRAM).node(['main.js'], JSON_LINES, bun)
  expect({ stdout: stdout.trim(), stderr: stderr.trim() }).toEqual({ stdout: 'done', stderr: '' })
  expect(traces).toBe((await traced(PROGRAM).node(['main.js'], JSON_LINES)).traces)
})

test('what CommonJS requires and what ES modules import is one runtime', async () => {
  const required = `const { getLogger } = require('span-tree')
exports.inner = function (n) { return getLogger('c').span('by hand', () => n) }
`
  const options = { filename: '/app/inner.cjs', root: '/app', include: ['**'], format: 'commonjs' } as const
  const more = { 'inner.cjs': instrument(required, options).code }
  const outer = `import { inner } from './inner.cjs'
async function outer() { await null; console.log(await inner(1)) }
outer()
`
  const { stdout, traces } = await traced(outer, more).node(['main.js'], JSON_LINES)
  expect(stdout.trim()).toBe('1')
  expect(traces).toMatch(/^outer main.js:2:16\n {2}exports.inner inner.cjs:2:17\n {4}by hand inner.cjs:2:\d+$/)
})

test('a function that is frozen with its answer has written its trace', async () => {
  const code = `import { writeSync } from 'node:fs'
import { withFlush } from 'span-tree/serverless'
async function checkout({ id }) { await null; return Math.abs(id) }
const handler = withFlush(checkout)
for (let id = 1; id <= 3; id++) {
  writeSync(1, \`answer \${await handler({ id })}\\n\`)
  // As a platform does it: not one turn of the event loop more.
  if (id === 3) process.kill(process.pid, 'SIGKILL')
}
`
  const { stdout, traces } = await traced(code).node(['main.js'], { AWS_LAMBDA_FUNCTION_NAME: 'shop' })
  expect(stdout.trim()).toBe('answer 1\nanswer 2\nanswer 3')
  expect(traces).toBe(Array.from({ length: 3 }, () => 'checkout main.js:3:16').join('\n'))
})

const FILE_OF_TESTS = `import { renderTree, recorder } from 'span-tree/testing'
import { beforeEach, expect, test } from 'vitest'
import { price } from '../src/price.ts'

beforeEach(() => recorder.clear())

test.each([1, 2])('only what it did itself is recorded', async n => {
  expect(await price(n)).toBe(n)
  await expect(price(-1)).rejects.toThrow('negative')
  expect(renderTree(recorder)).toBe('price\\n└─ round\\nprice ✗ RangeError: negative')
})
`

test.each(['threads', 'forks'])('in the workers of vitest: %s', async pool => {
  const { code, stdout, stderr } = await createProject(
    {
      'package.json': '{ "type": "module" }',
      // The runner is traced itself.
      'vitest.config.ts': `import 'span-tree'
import { spanTree } from 'span-tree/vite'
export default { plugins: [spanTree({ include: ['src/**'] })], test: { pool: '${pool}' } }
`,
      'src/price.ts': `function round(n: number): number { return Math.round(n) }
export async function price(n: number): Promise<number> {
  await null
  if (n < 0) throw new RangeError('negative')
  return round(n)
}
`,
      'test/one.test.ts': FILE_OF_TESTS,
      'test/two.test.ts': FILE_OF_TESTS,
    },
    ['span-tree', 'vitest', 'vite'],
  ).node(['node_modules/vitest/vitest.mjs', 'run'])
  expect({ code, output: code === 0 ? '' : stdout + stderr }).toEqual({ code: 0, output: '' })
  expect(stdout).toMatch(/Tests +4 passed/)
})
