import { expect, test } from 'vitest'
import { createProject } from '../adapters/project.ts'

const SOURCE = `import { getLogger } from 'span-tree'
interface Order { readonly id: number }

const logger = getLogger('orders')
async function checkout(order: Order): Promise<void> {
  const id: number = order.id;      await logger.span(\`charge \${id}\`, async () => {})
  const step = logger.start('reserve'); step.span('item', () => {}); step.end()
}
await checkout({ id: 7 })
`

test('spans begun by hand stand where the source has them: types stripped by Node, or instrumented', async () => {
  const files = { 'package.json': '{ "type": "module" }', 'src/app.ts': SOURCE }
  const project = createProject(files, ['span-tree'])
  const env = { SPAN_TREE: 'json', NODE_NO_WARNINGS: '1' }
  const [plain, registered] = await Promise.all([
    project.node(['src/app.ts'], env),
    project.register(['src/app.ts'], env),
  ])
  expect([plain.stderr, registered.stderr]).toEqual(['', ''])
  expect(plain.traces).toBe(`\
charge 7 src/app.ts:6:50
reserve src/app.ts:7:23
  item src/app.ts:7:46`)
  expect(registered.traces).toBe(`\
checkout src/app.ts:5:16
  charge 7 src/app.ts:6:50
  reserve src/app.ts:7:23
    item src/app.ts:7:46`)
})
