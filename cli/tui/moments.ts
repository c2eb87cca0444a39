/** Columns that `shortMoment` takes at most. */
export const MOMENT_WIDTH = 11

/** Local time in few columns: `15:04:05` of this day, `11-22 15:04` of this year, else the date. Milliseconds since the Unix epoch. */
export function shortMoment(milliseconds: number, now: number): string {
  const date = new Date(milliseconds)
  if (Number.isNaN(date.getTime())) return '?'
  const today = new Date(now)
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}`
  if (today.toDateString() === date.toDateString()) return `${clock}:${two(date.getSeconds())}`
  const day = `${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return today.getFullYear() === date.getFullYear() ? `${day} ${clock}` : `${date.getFullYear()}-${day}`
}

/** To the microsecond. `nanoseconds` since the Unix epoch. */
export function exactMoment(nanoseconds: bigint): string {
  const date = new Date(Number(nanoseconds / 1_000_000n))
  if (Number.isNaN(date.getTime())) return '?'
  const micros = String((nanoseconds / 1_000n) % 1_000_000n).padStart(6, '0')
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${micros}`
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
