/**
 * Milliseconds since the process's time origin, with a resolution of nanoseconds. Bound when the module loads, so
 * that fake timers which replace `performance.now` later do not stop our clock.
 */
export const now: () => number = performance.now.bind(performance)

/** `epochNanoseconds` of a reading of 0. */
export const ORIGIN_NANOSECONDS: bigint = BigInt(Math.round(performance.timeOrigin * 1_000)) * 1_000n
const WORD = 2 ** 32
const ORIGIN_HIGH = Number(ORIGIN_NANOSECONDS >> 32n)
const ORIGIN_LOW = Number(ORIGIN_NANOSECONDS & 0xffff_ffffn)

/** One 64-bit number as two words: to add those and read the sum makes one bigint, where `BigInt()` and `+` make three. */
const sum = new BigInt64Array(1)
const words = new Int32Array(sum.buffer)
const HIGH = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0

/**
 * Nanoseconds since the Unix epoch of a reading of `now`. As a bigint: a double of that size would have steps of
 * 256 ns.
 */
export function epochNanoseconds(reading: number): bigint {
  const elapsed = Math.round(reading * 1_000_000)
  const high = Math.floor(elapsed / WORD)
  const low = elapsed - high * WORD + ORIGIN_LOW
  words[1 - HIGH] = low
  words[HIGH] = ORIGIN_HIGH + high + (low < WORD ? 0 : 1)
  return sum[0] as bigint
}

/** Writes `epochNanoseconds` of a reading as 64 bits, the lowest byte first. */
export function writeEpochNanoseconds(target: Uint8Array, at: number, reading: number): void {
  const elapsed = Math.round(reading * 1_000_000)
  const high = Math.floor(elapsed / WORD)
  const low = elapsed - high * WORD + ORIGIN_LOW
  writeWord(target, at, low)
  writeWord(target, at + 4, ORIGIN_HIGH + high + (low < WORD ? 0 : 1))
}

function writeWord(target: Uint8Array, at: number, word: number): void {
  target[at] = word
  target[at + 1] = word >>> 8
  target[at + 2] = word >>> 16
  target[at + 3] = word >>> 24
}

/** Nanoseconds of a duration in milliseconds. */
export function nanoseconds(duration: number): bigint {
  return BigInt(Math.round(duration * 1_000_000))
}

/** Milliseconds since the Unix epoch of a reading of `now`. */
export function epochMilliseconds(reading: number): number {
  return performance.timeOrigin + reading
}
