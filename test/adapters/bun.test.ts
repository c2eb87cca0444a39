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
  'src/legacy.cjs': `const { round } = require('./round.cjs')
exports.legacy = function (n) { return round(n) }
`,
  'src/round.cjs': `#!/usr/bin/env bun
'use strict'
const legacy = require('./legacy.cjs')
this.round = function (n) { return Math.round(n) }
if (this !== module.exports || arguments.length < 5 || !legacy || require.main === module) throw new Error('not as it was')
`,
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
  expect(stdout).toBe('3\n')
  expect(stderr.trim()).toBe(
    'span-tree/bun - warning SPT2011: Bun hands these files, which it takes for CommonJS, to no plugin: they are left ' +
      'uninstrumented (src/legacy.cjs); require them from CommonJS, or make them ES modules',
  )
  expect(traces).toBe(`\
checkout src/main.ts:3:16
  price src/price.ts:2:22
  price src/price.ts:2:22
  this.round src/round.cjs:4:14
<anonymous @ then> src/main.ts:7:28`)
})
