import { createHash, type Hash } from 'node:crypto'
import { traceIdOf } from '../../../model/index.ts'

/** Odd, so that each number gives another id. */
const STEP = 0x9e3779b97f4a7c15n
/** Nanoseconds since the Unix epoch between which clocks that count from then are: 2001 and 2286. */
const FIRST: bigint = 10n ** 18n
const LAST: bigint = 10n ** 19n

/** Made of what a file says, so that the same file gives the same ids, and each other file others. */
export class RecordingIds {
  readonly #seeds: readonly bigint[]
  #spans = 0n
  #traces = 0n

  constructor(content: Hash = createHash('sha256')) {
    const digest = content.copy().digest()
    this.#seeds = [0, 8, 16].map(at => digest.readBigUInt64BE(at))
  }

  /** 16 hex digits. */
  span(): string {
    return hex(this.#seeds[0]! + STEP * this.#spans++)
  }

  /** A ksuid; `start`: nanoseconds since the Unix epoch. */
  trace(start: bigint): string {
    const w3c = hex(this.#seeds[1]!) + hex(this.#seeds[2]! + STEP * this.#traces++)
    return traceIdOf(w3c, Number(start / 1_000_000n))
  }
}

function hex(number: bigint): string {
  return BigInt.asUintN(64, number).toString(16).padStart(16, '0')
}

/**
 * Nanoseconds from the Unix epoch to where a recording's clock is zero. Most count from the start of the machine or of the recording, and
 * say nowhere when that was: these are taken to end when the file was written (milliseconds since the epoch).
 */
export function originOf(first: bigint, last: bigint, written: number): bigint {
  return first >= FIRST && last < LAST ? 0n : BigInt(Math.floor(written)) * 1_000_000n - last
}
