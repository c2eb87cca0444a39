import { secondOf, withinSecond, writeDigits } from '../clock-digits.ts'
import type { Bytes } from './bytes.ts'

/** Room for a date: ISO 8601 with milliseconds. */
export const DATE = '2000-01-01T00:00:00.000Z'
const PREFIX = '2000-01-01T00:00:00.'.length

const MILLION = 1_000_000
/** Nanoseconds up to which their digits are those that the engine writes of milliseconds. */
const LONGEST = 1e15
const [DOT, ZERO] = [46, 48]

let lastSecond = 0
const prefix = new Uint8Array(PREFIX)

/** Writes into a `DATE` when a time was, which `since` is the `sinceOrigin` of. What it has in common with all of its second is made once. */
export function writeDate(target: Uint8Array, at: number, since: number): void {
  const second = secondOf(since)
  if (second !== lastSecond) {
    lastSecond = second
    prefix.set(Buffer.from(new Date(second * 1_000).toISOString().slice(0, PREFIX)))
  }
  for (let i = 0; i < PREFIX; i++) target[at + i] = prefix[i] as number
  writeDigits(target, at + PREFIX, 3, Math.floor(withinSecond(since) / MILLION))
}

/** Writes nanoseconds as JSON writes them in milliseconds. */
export function writeMilliseconds(out: Bytes, nanoseconds: number): void {
  if (nanoseconds >= LONGEST) {
    out.text(String(nanoseconds / MILLION))
    return
  }
  const whole = Math.floor(nanoseconds / MILLION)
  out.reserve(24)
  const { slab } = out
  let digits = 1
  for (let bound = 10; whole >= bound; bound *= 10) digits++
  writeDigits(slab, out.at, digits, whole)
  out.at += digits
  const rest = nanoseconds - whole * MILLION
  if (rest === 0) return
  slab[out.at] = DOT
  writeDigits(slab, out.at + 1, 6, rest)
  out.at += 7
  while (slab[out.at - 1] === ZERO) out.at--
}
