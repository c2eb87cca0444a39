/**
 * How long calls took, as counts in buckets: eight to an octave, as the exponent and the first three bits of the mantissa of the double
 * tell them, so that an `add` is a few shifts. A percentile is the middle of its bucket, at most 6.3 % off.
 */
const BITS = 3
const PER_OCTAVE = 1 << BITS
/** 2^-14 ms is 61 ns, less than a call can take; 2^24 ms are four and a half hours. */
const FIRST_EXPONENT = -14
const OCTAVES = 38
const BUCKETS = OCTAVES * PER_OCTAVE
const BASE = (1023 + FIRST_EXPONENT) << BITS

const float = new Float64Array(1)
const words = new Uint32Array(float.buffer)
const HIGH = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0

/** Of the calls of one site. */
export class Latency {
  count = 0
  readonly #buckets = new Uint32Array(BUCKETS)

  /** Milliseconds. */
  add(duration: number): void {
    this.count++
    const bucket = bucketOf(duration)
    this.#buckets[bucket] = (this.#buckets[bucket] as number) + 1
  }

  merge(other: Latency): void {
    this.count += other.count
    for (let i = 0; i < BUCKETS; i++) {
      this.#buckets[i] = (this.#buckets[i] as number) + (other.#buckets[i] as number)
    }
  }

  /** Milliseconds that a share of the calls (0 to 1) did not exceed; 0 where there were none. */
  quantile(share: number): number {
    let left = Math.max(1, Math.ceil(this.count * share))
    for (let i = 0; i < BUCKETS; i++) {
      left -= this.#buckets[i] as number
      if (left <= 0) return middleOf(i)
    }
    return 0
  }
}

function bucketOf(duration: number): number {
  float[0] = duration
  const bucket = ((words[HIGH] as number) >>> (20 - BITS)) - BASE
  // The sign of a clock that ran backwards is the highest bit.
  if (bucket < 0 || !(duration > 0)) return 0
  return bucket < BUCKETS ? bucket : BUCKETS - 1
}

function middleOf(bucket: number): number {
  const octave = Math.floor(bucket / PER_OCTAVE)
  const mantissa = 1 + ((bucket % PER_OCTAVE) + 0.5) / PER_OCTAVE
  return mantissa * 2 ** (FIRST_EXPONENT + octave)
}
