import { InvalidArgumentError } from 'commander'
import { parseDuration } from '../duration.ts'

const LONG: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000, w: 604_800_000 }

/** Milliseconds of `90s`, `5min`, `2h`, `7d`, `1w`; undefined for anything else. */
export function parseSpan(text: string): number | undefined {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)\s*([hdw])$/.exec(text.trim()) ?? []
  if (number !== undefined) return Number(number) * (LONG[unit] as number)
  return /[a-zµμ]$/.test(text) ? parseDuration(text) : undefined
}

/** Milliseconds since the Unix epoch of `2h` (ago), or a date as ISO 8601 has it; one without a zone is local. */
export function momentAt(text: string, now: number = Date.now()): number | undefined {
  const ago = parseSpan(text)
  if (ago !== undefined) return now - ago
  if (!/^\d{4}-\d\d-\d\d/.test(text)) return undefined
  const time = Date.parse(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00` : text)
  return Number.isNaN(time) ? undefined : time
}

/** For commander: nanoseconds since the Unix epoch. */
export function momentOption(text: string): bigint {
  const moment = momentAt(text)
  if (moment === undefined)
    throw new InvalidArgumentError('Write a time like 30min, 2h or 7d (ago), or 2026-11-22T15:00.')
  return BigInt(Math.floor(moment)) * 1_000_000n
}

/** For commander: milliseconds. */
export function spanOption(text: string): number {
  const milliseconds = parseSpan(text)
  if (milliseconds === undefined) throw new InvalidArgumentError('Write a time like 30s, 5min, 2h or 7d.')
  return milliseconds
}

/** For commander: a whole number above 0. */
export function countOption(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('Write a whole number above 0.')
  return Number(text)
}

/** Local time, to the second; to the day where it is not of this one. */
export function momentText(milliseconds: number, now: number = Date.now()): string {
  const date = new Date(milliseconds)
  if (Number.isNaN(date.getTime())) return '?'
  const two = (value: number): string => String(value).padStart(2, '0')
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
  if (new Date(now).toDateString() === date.toDateString()) return time
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${time}`
}

export function milliseconds(nanoseconds: bigint): number {
  return Number(nanoseconds / 1_000_000n)
}
