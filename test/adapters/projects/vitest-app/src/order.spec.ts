import { recorder, renderTree } from 'span-tree/testing'
import { beforeEach, expect, test } from 'vitest'
import { OrderService } from './order.ts'

beforeEach(() => recorder.clear())

test('the tree of a call can be looked at', async () => {
  expect(await new OrderService().checkout({ id: 7, items: ['a', 'b'] })).toBe(2)
  expect(renderTree(recorder.trees, { locations: true })).toBe(`\
OrderService.checkout (src/order.ts:7:9)
├─ OrderService.reserve (src/order.ts:12:9)
└─ OrderService.#charge (src/order.ts:17:3)`)
})

test('errors are where they were thrown, in the tree and on the stack', async () => {
  const error: unknown = await new OrderService().checkout({ id: 8, items: ['none'] }).catch(thrown => thrown)
  expect((error as Error).stack).toMatch(/OrderService\.reserve \(.*src\/order\.ts:13:39\)/)
  expect(recorder).toHaveSpan({ name: 'OrderService.reserve', status: 'failed' })
})
