import { type KsuidWords, ksuidOf, wordsOf } from './ksuid.ts'

/**
 * A trace's id is a ksuid (https://github.com/segmentio/ksuid): 4 bytes of time (seconds since 2014-05-13T16:53:20Z),
 * 16 of random, written as 27 characters of base 62. The 16 random bytes, as hex, are the W3C trace id.
 */
const KSUID_PATTERN = /^[0-9A-Za-z]{27}$/
const W3C_PATTERN = /^[0-9a-f]{32}$/i

/** Milliseconds since the Unix epoch of the first and the last second that a ksuid can say. */
const FIRST = 1_400_000_000_000
const LAST = FIRST + 0xffff_ffff * 1_000

/** Random numbers are fetched for many ids at once, since each call costs as much as ten ids. */
const pool: Uint32Array<ArrayBuffer> = new Uint32Array(256)
let used: number = pool.length

function random(): number {
  if (used === pool.length) {
    crypto.getRandomValues(pool)
    used = 0
  }
  return pool[used++] as number
}

/** A clock that is wrong, as on a machine that has just been switched on, is no reason to have no id. */
function seconds(time: number): number {
  return Math.floor((Math.min(Math.max(time, FIRST), LAST) - FIRST) / 1_000)
}

/** A new id for a trace that began at `startTime` (milliseconds since the Unix epoch). */
export function newTraceId(startTime: number): string {
  return ksuidOf([seconds(startTime), random(), random(), random(), random()])
}

/** The id of a trace known by its W3C id, as one that came in with a `traceparent`. */
export function traceIdOf(w3c: string, startTime: number): string {
  if (!W3C_PATTERN.test(w3c)) throw new TypeError(`not a W3C trace id (32 hex digits): ${w3c}`)
  const word = (i: number): number => Number.parseInt(w3c.slice(i * 8, i * 8 + 8), 16)
  return ksuidOf([seconds(startTime), word(0), word(1), word(2), word(3)])
}

/** The W3C trace id of a ksuid: 32 hex digits. A W3C id is returned as it is, in lower case. */
export function w3cTraceId(traceId: string): string {
  if (W3C_PATTERN.test(traceId)) return traceId.toLowerCase()
  if (!KSUID_PATTERN.test(traceId))
    throw new TypeError(`not a trace id (27 base-62 characters or 32 hex digits): ${traceId}`)
  const [, a, b, c, d]: KsuidWords = wordsOf(traceId)
  return hex(a) + hex(b) + hex(c) + hex(d)
}

/** Two hex digits of each byte. */
const BYTES: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

function hex(word: number): string {
  return `${BYTES[word >>> 24]}${BYTES[(word >>> 16) & 0xff]}${BYTES[(word >>> 8) & 0xff]}${BYTES[word & 0xff]}`
}

/** Whether two ids, each in either form, name the same trace. */
export function sameTrace(a: string, b: string): boolean {
  return w3cTraceId(a) === w3cTraceId(b)
}
