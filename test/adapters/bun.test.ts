import { join } from 'node:path'
import { expect, test } from 'vitest'
import { toolchain } from '../support/toolchain.ts'
import { setupFiles } from './bundlers/setup-blocks.ts'
import { createProject } from './project.ts'

const FILES = {
  'package.json': '{ "type": "module" }',
  'src/main.ts': `import { legacy } from './legacy.cjs'
import { price } from './price.ts'
async function checkout(items: readonly string[]): Promise<number> {
  await Promise.resolve()
  return legacy(items.map(price).reduce((a, b) => a + b))
}
checkout(['a', 'bb']).then(sum => console.log(sum))
`,
  'src/price.ts': `enum Factor { One = 1 }
export const price = (item: string): number => Math.abs(item.length) * Factor.One
`,
  'src/legacy.cjs': 'exports.legacy = function (n) { return Math.abs(n) }\n',
}

test('Bun, as docs/setup.md has it', async () => {
  const folder = toolchain('bun', { dependencies: { bun: '^1.4.0' } })
  const bun = join(folder, 'node_modules/bun/bin/bun.exe')
  const project = createProject({ ...FILES, ...setupFiles('Bun') }, ['span-tree'])
  const { stdout, stderr, traces } = await project.node(
    ['--preload', './trace.ts', 'src/main.ts'],
    { SPAN_TREE: 'json' },
    bun,
  )
  expect({ stdout: stdout.trim(), stderr: stderr.trim() }).toEqual({ stdout: '3', stderr: '' })
  expect(traces).toBe(`\
checkout src/main.ts:3:16
  price src/price.ts:2:22
  price src/price.ts:2:22
<anonymous @ then> src/main.ts:7:28`)
})
