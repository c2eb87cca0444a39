/** Bytes of a slab at first, and at most unless one entry needs more. */
const FIRST_SLAB = 16_384
const LARGEST_SLAB = 262_144

/** Characters up to which room for the longest UTF-8 is left without counting. */
const SHORT = 4_096

/**
 * What is written piece by piece, as UTF-8, and taken whole: into slabs that many entries share, since to allocate a buffer for each costs more than to
 * fill it. What was taken is not written to again.
 */
export class Bytes {
  /** Where `at` is; another one after `reserve`. */
  slab: Buffer = Buffer.allocUnsafeSlow(0)
  /** Where the next byte goes. */
  at = 0
  #start = 0

  /** Bytes since the last `take`. */
  get length(): number {
    return this.at - this.#start
  }

  /** Makes room for `size` more bytes, to be written at `at` by the caller. */
  reserve(size: number): void {
    if (this.at + size > this.slab.length) this.#grow(size)
  }

  text(text: string): void {
    const { length } = text
    this.reserve(length <= SHORT ? length * 3 : Buffer.byteLength(text))
    this.at += this.slab.write(text, this.at)
  }

  raw(bytes: Uint8Array): void {
    this.reserve(bytes.length)
    this.slab.set(bytes, this.at)
    this.at += bytes.length
  }

  byte(byte: number): void {
    this.reserve(1)
    this.slab[this.at++] = byte
  }

  /** Forgets what was written since the last `take`: an entry that was not written to its end. */
  clear(): void {
    this.at = this.#start
  }

  /** What was written since the last time. */
  take(): Buffer {
    const taken = this.slab.subarray(this.#start, this.at)
    this.#start = this.at
    return taken
  }

  #grow(size: number): void {
    const { length } = this
    const usual = Math.min(Math.max(FIRST_SLAB, this.slab.length * 2), LARGEST_SLAB)
    const needed = length + size
    const slab = Buffer.allocUnsafeSlow(needed <= usual ? usual : needed * 2)
    this.slab.copy(slab, 0, this.#start, this.at)
    this.slab = slab
    this.#start = 0
    this.at = length
  }
}
