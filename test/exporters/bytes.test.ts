import { expect, test } from 'vitest'
import { Bytes } from '../../runtime/exporters/bytes.ts'
import { Random } from '../support/random.ts'

const texts = Array.from({ length: 2_000 }, (_, i) => `${i} ünï ${'x€'.repeat((i * 37) % 3_000)}`)

function write(out: Bytes, text: string): Buffer {
  out.text('forgotten')
  out.clear()
  out.text(text.slice(0, 5))
  out.raw(Buffer.from(text.slice(5)))
  out.byte(10)
  return out.take()
}

test('what was taken stays as it is until it is released, however much is written after it', () => {
  const random = new Random(3)
  const out = new Bytes()
  const held: { readonly text: string; readonly taken: Buffer }[] = []
  const memory = new Set<ArrayBufferLike>()
  for (const text of texts) {
    const taken = write(out, text)
    memory.add(taken.buffer)
    held.push({ text, taken })
    // In no order, and some never.
    while (held.length > 40) {
      const [{ text, taken }] = held.splice(random.below(held.length), 1) as [(typeof held)[number]]
      expect(taken.toString()).toBe(`${text}\n`)
      if (!random.chance(0.005)) out.release(taken)
    }
  }
  expect(held.map(({ taken }) => taken.toString())).toEqual(held.map(({ text }) => `${text}\n`))
  const size = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0)
  const used = [...memory].reduce((sum, { byteLength }) => sum + byteLength, 0)
  expect(used).toBeLessThan(size / 2)
})

test('an entry that is larger than a slab is written whole, and what is not of a slab is nobody to release', () => {
  const out = new Bytes()
  const large = 'ö'.repeat(1_000_000)
  const [a, b] = [write(out, 'a'), write(out, large)]
  out.release(Buffer.from('none'))
  out.release(a)
  expect(write(out, 'c').toString()).toBe('c\n')
  expect(b.toString()).toBe(`${large}\n`)
})

test('where every entry is released at once, one slab is enough', () => {
  const out = new Bytes()
  const memory = new Set<ArrayBufferLike>()
  for (let i = 0; i < 10_000; i++) {
    const taken = write(out, 'x'.repeat(100))
    memory.add(taken.buffer)
    out.release(taken)
  }
  expect(memory.size).toBe(1)
})
