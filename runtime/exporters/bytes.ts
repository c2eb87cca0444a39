/** Bytes of the first slab, and of those that follow unless one entry needs more. */
const FIRST_SLAB = 16_384
const USUAL_SLAB = 262_144
/** Slabs that are kept for what comes next: with them a batch is gathered. */
const MAX_FREE = 8

/** Characters up to which room for the longest UTF-8 is left without counting. */
const SHORT = 4_096

interface Slab {
  readonly bytes: Buffer
  /** Entries in it that are still somebody's. */
  taken: number
}

/**
 * What is written piece by piece, as UTF-8, and taken whole: into slabs that many entries share, and that are used again once all of them have been
 * released. For memory that is new the system takes longer than it takes to fill it.
 */
export class Bytes {
  /** Where `at` is; another one after `reserve`. */
  slab: Buffer = Buffer.allocUnsafeSlow(0)
  /** Where the next byte goes. */
  at = 0
  #start = 0
  #current: Slab = { bytes: this.slab, taken: 0 }
  readonly #free: Slab[] = []
  /** By the memory that they lie in. Weakly: what nobody releases goes with its entries. */
  readonly #slabs = new WeakMap<ArrayBufferLike, Slab>()

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

  /** What was written since the last time. It stays as it is until it is released, if ever. */
  take(): Buffer {
    const taken = this.slab.subarray(this.#start, this.at)
    this.#start = this.at
    this.#current.taken++
    return taken
  }

  /** Nobody reads any more what `take` returned, or the part of it that is given. */
  release({ buffer }: Uint8Array): void {
    const slab = this.#slabs.get(buffer)
    if (slab === undefined || --slab.taken > 0) return
    if (slab !== this.#current) this.#keep(slab)
    else if (this.length === 0) this.#start = this.at = 0
  }

  #keep(slab: Slab): void {
    if (slab.bytes.length === USUAL_SLAB && this.#free.length < MAX_FREE) this.#free.push(slab)
  }

  #grow(size: number): void {
    const { length, slab: old } = this
    const next = this.#slabFor(length + size)
    old.copy(next.bytes, 0, this.#start, this.at)
    if (this.#current.taken === 0) this.#keep(this.#current)
    this.#current = next
    this.slab = next.bytes
    this.#start = 0
    this.at = length
  }

  #slabFor(size: number): Slab {
    const usual = Math.min(Math.max(FIRST_SLAB, this.slab.length * 2), USUAL_SLAB)
    const known = size <= USUAL_SLAB ? this.#free.pop() : undefined
    if (known !== undefined) return known
    const bytes = Buffer.allocUnsafeSlow(size <= usual ? usual : size * 2)
    const slab = { bytes, taken: 0 }
    this.#slabs.set(bytes.buffer, slab)
    return slab
  }
}
