import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { createProject, type Finished, type Project } from './project.ts'

const JEST = fileURLToPath(new URL('../../node_modules/jest/bin/jest.js', import.meta.url))

const CONFIG = `module.exports = {
  transform: { '\\\\.[cm]?[jt]sx?$': 'span-tree/jest' },
  transformIgnorePatterns: ['/node_modules/(?!span-tree/)'],
}
`

const FILES = {
  'package.json': '{ "name": "app" }',
  'jest.config.cjs': CONFIG,
  'tsconfig.json': '{ "compilerOptions": { "strict": true, "verbatimModuleSyntax": true, "module": "esnext" } }',
  'src/order.ts': `import { rate } from './rate'
enum Currency { Euro = 'EUR' }
interface Order { readonly items: readonly string[] }
export async function checkout(order: Order): Promise<string> {
  const prices = await Promise.all(order.items.map(item => price(item)))
  return prices.reduce((sum, one) => sum + one, 0) * rate() + Currency.Euro
}
async function price(item: string): Promise<number> {
  await null
  if (item === '')          throw new RangeError('no name')
  return Math.abs(item.length)
}
`,
  'src/rate.ts': 'export function rate(): number { return Math.round(1) }\n',
  'src/plain.js': "exports.plain = function plain() { return [2].map(String).join('') }\n",
  'src/order.test.ts': `import { checkout } from './order'
import { plain } from './plain'
import { recorder } from 'span-tree/testing'
jest.mock('./rate', () => ({ rate: () => Math.max(3, 2) }))
beforeEach(() => recorder.clear())
test('is traced', async () => {
  expect(await checkout({ items: ['a', 'bb'] })).toBe('9EUR')
  expect(plain()).toBe('2')
  expect(recorder).toHaveSpan('checkout')
  console.log(String(recorder.traces.length > 0))
})
test('fails', async () => {
  await expect(checkout({ items: [''] })).rejects.toThrow('no name')
  const error = await checkout({ items: [''] }).catch((error: Error) => error) as Error
  expect(error.stack).toContain('/src/order.ts:10:35)')
})
test('shows where', async () => {
  await checkout({ items: [''] })
})
`,
}

function jest(project: Project, env: NodeJS.ProcessEnv = {}): Promise<Finished> {
  return project.node([JEST, '--cacheDirectory', join(project.directory, '.jest-cache')], env)
}

test('x', async () => {
  const project = createProject(FILES, ['span-tree', 'typescript', 'jest'])
  const { stdout, stderr, traces, code } = await jest(project, { SPAN_TREE: 'record' })
  console.log(stdout, stderr, traces, code)
})
