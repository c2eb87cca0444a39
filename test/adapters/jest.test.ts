import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { setupFiles } from './bundlers/setup-blocks.ts'
import { createProject, type Finished, type Project } from './project.ts'

const JEST = fileURLToPath(new URL('../../node_modules/jest/bin/jest.js', import.meta.url))

const FILES = {
  'package.json': '{ "name": "app" }',
  ...setupFiles('Jest'),
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
import { recorder, renderTree } from 'span-tree/testing'
jest.mock('./rate', () => ({ rate: () => Math.max(3, 2) }))
beforeEach(() => recorder.clear())
test('is traced', async () => {
  expect(await checkout({ items: ['a', 'bb'] })).toBe('9EUR')
  expect(plain()).toBe('2')
  expect(recorder).toHaveSpan('checkout')
  process.stdout.write(renderTree(recorder.trees, { locations: true }) + '\\n')
})
test('fails', async () => {
  const error = await checkout({ items: [''] }).catch((error: Error) => error) as Error
  process.stdout.write(error.stack!.replaceAll(/.*\\/src\\/|\\)$/gm, '') + '\\n')
})
`,
}

const TREE = `\
checkout (src/order.ts:4:23)
├─ checkout › <anonymous @ map> (src/order.ts:5:52)
│  └─ price (src/order.ts:8:16)
└─ checkout › <anonymous @ map> (src/order.ts:5:52)
   └─ price (src/order.ts:8:16)
exports.plain (src/plain.js:1:26)`

function jest(project: Project, ...flags: readonly string[]): Promise<Finished> {
  return project.node([...flags, JEST, '--cacheDirectory', join(project.directory, '.jest-cache'), '--colors=false'])
}

/** Compiles as ts-jest does without types: with its map at the end of the code. */
const OWN_TRANSFORMER = `const ts = require('typescript')
exports.process = (code, fileName) => {
  const compilerOptions = { module: 'commonjs', target: 'es2022', inlineSourceMap: true, esModuleInterop: true, allowJs: true }
  return { code: ts.transpileModule(code, { fileName, compilerOptions }).outputText }
}
`

describe('jest, as docs/setup.md has it', () => {
  test('TypeScript and JavaScript are traced, mocks are hoisted, positions are those of the sources', async () => {
    const project = createProject(FILES, ['span-tree', 'typescript', 'jest'])
    const first = await jest(project)
    expect(first).toMatchObject({ code: 0, stderr: expect.stringContaining('Tests:       2 passed, 2 total') })
    expect(first.stdout).toContain(TREE)
    expect(first.stdout).toMatch(/^order\.ts:10:35$/m)
    expect(first.stdout).toMatch(/^order\.ts:5:18$/m)
    // From Jest's cache the second time; other options are another entry.
    expect((await jest(project)).stdout).toContain(TREE)
    const config = setupFiles('Jest')['jest.config.cjs']!
    const narrowed = config.replace("'span-tree/jest'", "['span-tree/jest', { functions: ['price'] }]")
    writeFileSync(join(project.directory, 'jest.config.cjs'), narrowed)
    expect((await jest(project)).stderr).toContain('expected to find a span named "checkout"')
  })

  test("the project's own transformer gets the instrumented file", async () => {
    const files = { ...FILES, ...setupFiles('Jest', 1), 'own-transformer.cjs': OWN_TRANSFORMER }
    const unmocked = files['src/order.test.ts'].replace(/^jest\.mock.*\n/m, '').replace('9EUR', '3EUR')
    const project = createProject({ ...files, 'src/order.test.ts': unmocked }, ['span-tree', 'typescript', 'jest'])
    const { code, stdout, stderr } = await jest(project)
    expect({ code, stderr }).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('Tests:       2 passed, 2 total'),
    })
    expect(stdout).toContain('checkout (src/order.ts:4:23)\n')
    expect(stdout).toMatch(/^order\.ts:10:35$/m)
  })

  test('ES modules', async () => {
    const config =
      "export default { transform: { '\\\\.[cm]?[jt]sx?$': 'span-tree/jest' }, extensionsToTreatAsEsm: ['.ts'] }\n"
    const {
      'src/order.test.ts': tests,
      'src/plain.js': _,
      'jest.config.cjs': __,
      ...rest
    } = FILES as Record<string, string>
    const files = {
      ...rest,
      'package.json': '{ "type": "module" }',
      'jest.config.js': config,
      'src/plain.js': "export function plain() { return [2].map(String).join('') }\n",
      'src/order.test.ts': tests!.replace(/^jest\.mock.*\n/m, '').replace('9EUR', '3EUR'),
    }
    const project = createProject(files, ['span-tree', 'typescript', 'jest'])
    const { code, stdout, stderr } = await jest(project, '--experimental-vm-modules')
    expect({ code, stderr }).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('Tests:       2 passed, 2 total'),
    })
    expect(stdout).toContain('checkout (src/order.ts:4:23)\n')
    expect(stdout).toMatch(/^order\.ts:10:35$/m)
  })

  test('coverage counts the lines of the sources', async () => {
    const project = createProject(FILES, ['span-tree', 'typescript', 'jest'])
    const { stdout } = await project.node([JEST, '--no-cache', '--coverage', '--coverageReporters=text'])
    expect(stdout).toMatch(/^ *order\.ts *\| +100 \| +100 \| +100 \| +100 \|/m)
    expect(stdout).toMatch(/^order\.ts:10:35$/m)
  })
})
