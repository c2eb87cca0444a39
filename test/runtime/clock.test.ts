import { expect, test } from 'vitest'
import { epochNanoseconds } from '../../runtime/clock.ts'

const origin = BigInt(Math.round(performance.timeOrigin * 1_000)) * 1_000n

/** Around where a word of 32 bits overflows (4,295 ms), where a double has no more halves, and before the process began. */
const READINGS = [
  0, 0.000_001, 1.5, 4_294.967_295, 4_294.967_296, 86_400_000.123_456, 1e10, 1e12, -0.5, -4_294.967_297, -1e12,
]

test.for(READINGS)('a reading of %d ms is the same time as by arithmetic of bigints', reading => {
  expect(epochNanoseconds(reading)).toBe(origin + BigInt(Math.round(reading * 1_000_000)))
})

test('every carry from the lower word into the upper one is made', () => {
  for (let i = 0; i < 10_000; i++) {
    const reading = i * 0.859_137
    expect(epochNanoseconds(reading)).toBe(origin + BigInt(Math.round(reading * 1_000_000)))
  }
})
