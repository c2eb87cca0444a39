import fc from 'fast-check'
import { expect, test } from 'vitest'
import { epochNanoseconds } from '../../runtime/clock.ts'
import { sinceOrigin, TIME_DIGITS, writeTime } from '../../runtime/clock-digits.ts'
import { Bytes } from '../../runtime/exporters/bytes.ts'
import { DATE, writeDate, writeMilliseconds } from '../../runtime/exporters/people-times.ts'
import { idOfSerial, writeSpanId } from '../../runtime/span-id.ts'

const target = Buffer.alloc(DATE.length + 2, '.')
const readings = fc.oneof(fc.double({ min: 0, max: 1e12, noNaN: true }), fc.integer({ min: 0, max: 5_000 }))

test('times are written as their bigints are', () => {
  fc.assert(
    fc.property(readings, reading => {
      writeTime(target, 1, sinceOrigin(reading))
      expect(target.toString('latin1', 0, TIME_DIGITS + 2)).toBe(`.${epochNanoseconds(reading)}.`)
      target.write(DATE, 1)
      writeDate(target, 1, sinceOrigin(reading))
      const date = new Date(Number(epochNanoseconds(reading) / 1_000_000n))
      expect(target.toString('latin1')).toBe(`.${date.toISOString()}.`)
      target.fill('.')
    }),
    { numRuns: 2_000 },
  )
})

test('durations are written in milliseconds as the engine writes numbers', () => {
  const out = new Bytes()
  const lengths = fc.oneof(
    fc.nat(1_000),
    fc.nat(),
    fc.maxSafeNat(),
    fc.nat(9_000).map(n => n * 1_000_000),
  )
  fc.assert(
    fc.property(lengths, nanoseconds => {
      writeMilliseconds(out, nanoseconds)
      expect(out.take().toString()).toBe(JSON.stringify(nanoseconds / 1e6))
    }),
    { numRuns: 5_000 },
  )
})

test('ids of spans are written as they are', () => {
  for (const serial of [...Array.from({ length: 600 }, (_, i) => i + 1), 2 ** 31 + 5, 2 ** 32, 2 ** 40 + 77]) {
    writeSpanId(target, 0, serial)
    expect(target.toString('latin1', 0, 16)).toBe(idOfSerial(serial))
  }
})
