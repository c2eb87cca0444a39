import fc from 'fast-check'
import { expect, test } from 'vitest'
import { slowerThan } from '../../store/baseline.ts'
import { Sketch } from '../../store/sketch.ts'

const durations = fc.array(fc.double({ min: 2, max: 1e15, noNaN: true }), { minLength: 1, maxLength: 300 })

function sketchOf(values: readonly number[]): Sketch {
  const sketch = new Sketch()
  for (const value of values) sketch.add(value)
  return sketch
}

test('quantiles are at most 1 % off', () => {
  fc.assert(
    fc.property(durations, fc.double({ min: 0.01, max: 1, noNaN: true }), (values, share) => {
      const exact = [...values].sort((a, b) => a - b)[Math.ceil(values.length * share) - 1] as number
      expect(Math.abs(sketchOf(values).quantile(share) / exact - 1)).toBeLessThan(0.0101)
    }),
  )
})

test('sketches add up, and come back from their bytes as they were', () => {
  fc.assert(
    fc.property(durations, durations, (a, b) => {
      const sum = Sketch.decode(sketchOf(a).encode())
      sum.merge(Sketch.decode(sketchOf(b).encode()))
      const all = sketchOf([...a, ...b])
      expect(sum.count).toBe(all.count)
      expect(sum.encode()).toEqual(all.encode())
    }),
  )
})

test('what is nothing, or no time at all, is no trouble', () => {
  expect(new Sketch().quantile(0.5)).toBe(0)
  expect(Sketch.decode(new Uint8Array()).count).toBe(0)
  const odd = sketchOf([0, -5, 1e300, Number.POSITIVE_INFINITY])
  expect(odd.count).toBe(4)
  expect(odd.quantile(0.25)).toBeLessThan(2)
  const many = new Sketch()
  many.add(1_000, 1e12)
  expect(Sketch.decode(many.encode()).count).toBe(1e12)
})

test('slower is what takes half as long again, and what anybody would feel', () => {
  const of = (duration: number, count = 200): Sketch => sketchOf(Array(count).fill(duration))
  expect(slowerThan(of(10e6), of(16e6))).toMatchObject({ quantile: 'p50' })
  expect(slowerThan(of(10e6), of(14e6))).toBeUndefined()
  expect(slowerThan(of(10e3), of(20e3))).toBeUndefined()
  expect(slowerThan(of(10e6, 99), of(90e6))).toBeUndefined()
})

test('a tail is one of at least 1,000 calls: of fewer it is a few pauses of the machine', () => {
  const tailed = (count: number): Sketch =>
    sketchOf([...Array(count * 0.95).fill(10e6), ...Array(count * 0.05).fill(90e6)])
  const before = (count: number): Sketch => sketchOf(Array(count).fill(10e6))
  expect(slowerThan(before(1_000), tailed(1_000))).toMatchObject({ quantile: 'p99' })
  expect(slowerThan(before(1_000), tailed(980))).toBeUndefined()
  expect(slowerThan(before(999), tailed(1_000))).toBeUndefined()
})
