/**
 * How long calls took, as counts in buckets each 2 % wider than the one before, so that a quantile is at most 1 % off (the idea is
 * DDSketch's, https://arxiv.org/abs/1908.10693). Sketches add up: those of hours to that of a day, those of processes to that of all.
 */
const GAMMA = 1.02
const PER_NATURAL = 1 / Math.log(GAMMA)
/** That of 2^63 ns, three hundred years. */
const LAST_BUCKET = 2_205
/** Buckets by which the room grows, beside growing by what there is. */
const ROOM = 16

export class Sketch {
  count = 0
  /** Of the bucket `#first` and those behind it. */
  #counts = new Float64Array(0)
  #first = 0

  /** Nanoseconds; what is not above 1 counts as 1. */
  add(duration: number, times = 1): void {
    this.#addTo(duration > 1 ? Math.min(LAST_BUCKET, Math.ceil(Math.log(duration) * PER_NATURAL)) : 0, times)
  }

  merge(other: Sketch): void {
    for (let i = 0; i < other.#counts.length; i++) {
      const times = other.#counts[i] as number
      if (times > 0) this.#addTo(other.#first + i, times)
    }
  }

  /** Nanoseconds that a share of the calls (0 to 1) did not exceed; 0 where there were none. */
  quantile(share: number): number {
    let left = Math.max(1, Math.ceil(this.count * share))
    for (let i = 0; i < this.#counts.length; i++) {
      left -= this.#counts[i] as number
      if (left <= 0) return (2 * GAMMA ** (this.#first + i)) / (1 + GAMMA)
    }
    return 0
  }

  /** Pairs of variable-length numbers: how far on the next bucket is, and its count. */
  encode(): Uint8Array {
    const bytes: number[] = []
    let last = 0
    for (let i = 0; i < this.#counts.length; i++) {
      const times = this.#counts[i] as number
      if (times === 0) continue
      writeNumber(bytes, this.#first + i - last)
      writeNumber(bytes, times)
      last = this.#first + i
    }
    return Uint8Array.from(bytes)
  }

  static decode(bytes: Uint8Array): Sketch {
    const sketch = new Sketch()
    const reader = { bytes, at: 0 }
    for (let bucket = 0; reader.at < bytes.length; ) {
      bucket += readNumber(reader)
      sketch.#addTo(Math.min(bucket, LAST_BUCKET), readNumber(reader))
    }
    return sketch
  }

  #addTo(bucket: number, times: number): void {
    if (bucket < this.#first || bucket >= this.#first + this.#counts.length) this.#include(bucket)
    const i = bucket - this.#first
    this.#counts[i] = (this.#counts[i] as number) + times
    this.count += times
  }

  #include(bucket: number): void {
    const { length } = this.#counts
    const end = this.#first + length
    const first = length === 0 || bucket < this.#first ? Math.max(0, bucket - ROOM - length) : this.#first
    const counts = new Float64Array(Math.max(end, bucket + 1 + (bucket >= end ? ROOM + length : 0)) - first)
    if (length > 0) counts.set(this.#counts, this.#first - first)
    this.#counts = counts
    this.#first = first
  }
}

function writeNumber(bytes: number[], value: number): void {
  let rest = value
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) + 0x80)
  bytes.push(rest)
}

function readNumber(reader: { readonly bytes: Uint8Array; at: number }): number {
  let value = 0
  for (let scale = 1; ; scale *= 0x80) {
    const byte = reader.bytes[reader.at++] ?? 0
    value += (byte & 0x7f) * scale
    if (byte < 0x80) return value
  }
}
