import { expect, test } from 'vitest'
import { parseDuration } from '../../cli/duration.ts'

test.each([
  ['5', 5],
  ['5ms', 5],
  ['1.5 s', 1500],
  ['200us', 0.2],
  ['200µs', 0.2],
  ['2min', 120_000],
  ['.5s', 500],
  ['0', 0],
])('%s is %d ms', (text, milliseconds) => expect(parseDuration(text)).toBeCloseTo(milliseconds))

test.each(['', 'soon', '-1', '5 parsecs', '1e3', '5ms7', 'ms'])('%j is no duration', text => {
  expect(parseDuration(text)).toBeUndefined()
})
