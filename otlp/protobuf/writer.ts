/** Characters of which even the longest UTF-8 fits a length of one byte. */
const SHORT = 42

const VARINT = 0
const FIXED64 = 1
const BYTES = 2
const FIXED32 = 5

/**
 * Writes Protocol Buffers (https://protobuf.dev/programming-guides/encoding/) into one growing buffer, forwards. The length in front of a
 * message is not known before the message is written: one byte is left for it, and what needs more moves the message up,
 * which few do that are small enough to be many.
 */
export class ProtobufWriter {
  #bytes: Buffer
  #view: DataView
  #at = 0

  constructor(size = 16_384) {
    this.#bytes = Buffer.allocUnsafeSlow(size)
    this.#view = viewOf(this.#bytes)
  }

  /** A copy of what was written; the writer begins anew. */
  finish(): Uint8Array {
    const written = Uint8Array.prototype.slice.call(this.#bytes, 0, this.#at)
    this.#at = 0
    return written
  }

  /** Begins a message of that field; `end` takes what this returns. */
  begin(field: number): number {
    this.#ensure(8)
    this.#tag(field, BYTES)
    return ++this.#at
  }

  end(start: number): void {
    const length = this.#at - start
    if (length < 0x80) {
      this.#bytes[start - 1] = length
      return
    }
    const extra = sizeOfVarint(length) - 1
    this.#ensure(extra)
    this.#bytes.copyWithin(start + extra, start, this.#at)
    this.#at = start - 1
    this.#varint(length)
    this.#at += length
  }

  string(field: number, value: string): void {
    const { length } = value
    this.#ensure(length * 3 + 12)
    this.#tag(field, BYTES)
    if (length <= SHORT) this.#shortString(value)
    else {
      const size = Buffer.byteLength(value)
      this.#varint(size)
      this.#at += this.#bytes.write(value, this.#at, size, 'utf8')
    }
  }

  /** `hex`: an even number of hex digits. */
  hex(field: number, hex: string): void {
    const size = hex.length >> 1
    this.#ensure(size + 12)
    this.#tag(field, BYTES)
    this.#varint(size)
    this.#bytes.write(hex, this.#at, size, 'hex')
    this.#at += size
  }

  bytes(field: number, bytes: Uint8Array): void {
    this.#ensure(bytes.length + 12)
    this.#tag(field, BYTES)
    this.#varint(bytes.length)
    this.raw(bytes)
  }

  /** Fields that are written already. */
  raw(bytes: Uint8Array): void {
    this.#ensure(bytes.length)
    this.#bytes.set(bytes, this.#at)
    this.#at += bytes.length
  }

  /** A signed or unsigned integer as `int64`. */
  int(field: number, value: number | bigint): void {
    this.#ensure(16)
    this.#tag(field, VARINT)
    if (typeof value === 'number' && value >= 0) this.#varint(value)
    else this.#bigVarint(BigInt.asUintN(64, BigInt(value)))
  }

  fixed64(field: number, value: bigint): void {
    this.#ensure(12)
    this.#tag(field, FIXED64)
    this.#view.setBigUint64(this.#at, BigInt.asUintN(64, value), true)
    this.#at += 8
  }

  double(field: number, value: number): void {
    this.#ensure(12)
    this.#tag(field, FIXED64)
    this.#view.setFloat64(this.#at, value, true)
    this.#at += 8
  }

  fixed32(field: number, value: number): void {
    this.#ensure(8)
    this.#tag(field, FIXED32)
    this.#view.setUint32(this.#at, value, true)
    this.#at += 4
  }

  #tag(field: number, type: number): void {
    this.#varint((field << 3) | type)
  }

  /** Most are short and ASCII: a loop is quicker than the call of Node's encoder. */
  #shortString(value: string): void {
    const bytes = this.#bytes
    const start = this.#at + 1
    let at = start
    for (let i = 0; i < value.length; i++) {
      const code = value.charCodeAt(i)
      if (code > 0x7f) {
        at = start + bytes.write(value, start, 'utf8')
        break
      }
      bytes[at++] = code
    }
    bytes[start - 1] = at - start
    this.#at = at
  }

  #varint(value: number): void {
    let rest = value
    while (rest > 0x7f) {
      this.#bytes[this.#at++] = (rest % 0x80) | 0x80
      rest = rest > 0x7fff_ffff ? Math.floor(rest / 0x80) : rest >>> 7
    }
    this.#bytes[this.#at++] = rest
  }

  #bigVarint(value: bigint): void {
    let rest = value
    while (rest > 0x7fn) {
      this.#bytes[this.#at++] = Number(rest & 0x7fn) | 0x80
      rest >>= 7n
    }
    this.#bytes[this.#at++] = Number(rest)
  }

  #ensure(size: number): void {
    if (this.#at + size <= this.#bytes.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.#at + size))
    larger.set(this.#bytes.subarray(0, this.#at))
    this.#bytes = larger
    this.#view = viewOf(larger)
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function sizeOfVarint(value: number): number {
  let size = 1
  for (let rest = value; rest > 0x7f; rest = Math.floor(rest / 0x80)) size++
  return size
}
