/**
 * Milliseconds since the process's time origin, with a resolution of nanoseconds. Bound when the module loads, so
 * that fake timers which replace `performance.now` later do not stop our clock.
 */
export const now: () => number = performance.now.bind(performance)

const ORIGIN_NANOSECONDS = BigInt(Math.round(performance.timeOrigin * 1_000)) * 1_000n

/**
 * Nanoseconds since the Unix epoch of a reading of `now`. As a bigint: a double of that size would have steps of
 * 256 ns.
 */
export function epochNanoseconds(reading: number): bigint {
  return ORIGIN_NANOSECONDS + BigInt(Math.round(reading * 1_000_000))
}

/** Nanoseconds of a duration in milliseconds. */
export function nanoseconds(duration: number): bigint {
  return BigInt(Math.round(duration * 1_000_000))
}

/** Milliseconds since the Unix epoch of a reading of `now`. */
export function epochMilliseconds(reading: number): number {
  return performance.timeOrigin + reading
}
