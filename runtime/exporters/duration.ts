/** Nanoseconds for people, in at most 7 columns and three digits: `0.85 µs`, `12.3 ms`, `4.56 s`, `12.3 min`, `27.1 h`. */
export function formatDuration(nanoseconds: bigint): string {
  const value = Number(nanoseconds < 0n ? 0n : nanoseconds)
  for (const [size, unit, limit] of UNITS) {
    const digits = threeDigits(value / size)
    if (Number(digits) < limit) return `${digits} ${unit}`
  }
  return `${threeDigits(value / 3.6e12)} h`
}

/** Nanoseconds in each unit, and the value at which the next one takes over. */
const UNITS: readonly (readonly [size: number, unit: string, limit: number])[] = [
  [1e3, 'µs', 1000],
  [1e6, 'ms', 1000],
  [1e9, 's', 60],
  [6e10, 'min', 60],
]

function threeDigits(value: number): string {
  if (value >= 99.95) return value.toFixed(0)
  return value >= 9.995 ? value.toFixed(1) : value.toFixed(2)
}
