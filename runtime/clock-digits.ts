import { ORIGIN_NANOSECONDS } from './clock.ts'

const BILLION = 1_000_000_000
const ORIGIN_SECOND = Number(ORIGIN_NANOSECONDS / 1_000_000_000n)
const ORIGIN_REST = Number(ORIGIN_NANOSECONDS % 1_000_000_000n)

/** Digits of `epochNanoseconds` in our times. */
export const TIME_DIGITS = 19
const SECOND_DIGITS = 10

/** Whether all times of this process have `TIME_DIGITS`: its clock says a year from 2001 to 2255. */
export const hasUsualTime: boolean = ORIGIN_SECOND >= 1e9 && ORIGIN_SECOND < 9e9

/** Nanoseconds since the process began. Those of two readings differ by the difference of their `epochNanoseconds`. */
export function sinceOrigin(reading: number): number {
  return Math.round(reading * 1_000_000)
}

/** Where a second ends differs from the origin's by this, so that sums stay exact beyond the 104 days that a double can count nanoseconds for. */
function carry(since: number, seconds: number): 0 | 1 {
  return since - seconds * BILLION + ORIGIN_REST >= BILLION ? 1 : 0
}

/** The second since the Unix epoch of a time that is `since` after the origin, which it is not before. */
export function secondOf(since: number): number {
  const seconds = Math.floor(since / BILLION)
  return ORIGIN_SECOND + seconds + carry(since, seconds)
}

/** Nanoseconds since that second began. */
export function withinSecond(since: number): number {
  const seconds = Math.floor(since / BILLION)
  return since - seconds * BILLION + ORIGIN_REST - carry(since, seconds) * BILLION
}

/** Of the second that was written last. */
let lastSecond = 0
const secondDigits = new Uint8Array(SECOND_DIGITS)

/** Writes the decimal digits of the `epochNanoseconds` of a reading, of which `since` is `sinceOrigin`: without the bigint, and so at a tenth of the price. */
export function writeTime(target: Uint8Array, at: number, since: number): void {
  const second = secondOf(since)
  if (second !== lastSecond) {
    lastSecond = second
    writeDigits(secondDigits, 0, SECOND_DIGITS, second)
  }
  for (let i = 0; i < SECOND_DIGITS; i++) target[at + i] = secondDigits[i] as number
  writeDigits(target, at + SECOND_DIGITS, TIME_DIGITS - SECOND_DIGITS, withinSecond(since))
}

/** The last `count` decimal digits of a whole number below 2⁵³, with zeros before them. */
export function writeDigits(target: Uint8Array, at: number, count: number, value: number): void {
  // The engine divides small integers by a constant without a division.
  let rest = value
  let i = at + count
  for (; rest >= BILLION; rest = Math.floor(rest / 10)) target[--i] = 48 + (rest % 10)
  for (let small = rest | 0; i > at; ) {
    const next = (small / 10) | 0
    target[--i] = 48 + small - next * 10
    small = next
  }
}
