import { expect, test } from 'vitest'
import { release } from '../../receiver/release.ts'

test('bytes are gone at once, but for those that share their memory with others', () => {
  const body = new Uint8Array(1 << 20)
  release(body)
  expect(body.byteLength).toBe(0)
  const shared = Array.from({ length: 100 }, () =>
    Buffer.from('a text of which Node puts many into one piece of memory'),
  )
  for (const each of shared) release(each)
  expect(new Set(shared.map(String)).size).toBe(1)
  expect(shared[0]?.byteLength).toBe(55)
})
