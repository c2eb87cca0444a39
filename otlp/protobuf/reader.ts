import { OtlpError } from '../wire.ts'

/** Reads one field's value; a field that it does not know is left to the reader, which skips it. */
export type Fields = (reader: ProtobufReader, field: number) => void

/**
 * Reads Protocol Buffers. Fields that nobody asked for are skipped, whatever they are; one whose wire type is not
 * that of the format is an `OtlpError`, as are bytes that end too early.
 */
export class ProtobufReader {
  readonly #bytes: Buffer
  readonly #view: DataView
  #at: number
  #end: number
  /** Wire type of the field that is being read, until its value is. */
  #pending = -1

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#at = 0
    this.#end = bytes.length
  }

  /** Reads the fields up to the end of the message that is being read. */
  fields(read: Fields): void {
    while (this.#at < this.#end) {
      const tag = this.#varint()
      this.#pending = tag & 7
      const field = Math.floor(tag / 8)
      if (field === 0) throw new OtlpError('a field has the number 0')
      read(this, field)
      if (this.#pending >= 0) this.#skip()
    }
  }

  /** A message inside this one. */
  message(read: Fields): void {
    const end = this.#end
    this.#end = this.#lengthEnd()
    this.fields(read)
    this.#end = end
  }

  string(): string {
    const end = this.#lengthEnd()
    const text = this.#bytes.toString('utf8', this.#at, end)
    this.#at = end
    return text
  }

  hex(): string {
    const end = this.#lengthEnd()
    const text = this.#bytes.toString('hex', this.#at, end)
    this.#at = end
    return text
  }

  base64(): string {
    const end = this.#lengthEnd()
    const text = this.#bytes.toString('base64', this.#at, end)
    this.#at = end
    return text
  }

  uint(): number {
    this.#take(0)
    return this.#varint()
  }

  int64(): bigint {
    this.#take(0)
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#byte()
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return BigInt.asIntN(64, value)
    }
    throw new OtlpError('a number has more than 64 bits')
  }

  fixed64(): bigint {
    const value = this.#view.getBigUint64(this.#fixed(1, 8), true)
    return value
  }

  double(): number {
    return this.#view.getFloat64(this.#fixed(1, 8), true)
  }

  fixed32(): number {
    return this.#view.getUint32(this.#fixed(5, 4), true)
  }

  /** Where the value is, having passed it. */
  #fixed(type: number, size: number): number {
    this.#take(type)
    this.#pass(size)
    return this.#at - size
  }

  #lengthEnd(): number {
    this.#take(2)
    const end = this.#varint() + this.#at
    if (end > this.#end) throw new OtlpError('the message ends too early')
    return end
  }

  #take(type: number): void {
    if (this.#pending !== type) throw new OtlpError(`a field has the wire type ${this.#pending} in place of ${type}`)
    this.#pending = -1
  }

  #skip(): void {
    const type = this.#pending
    if (type === 0) this.int64()
    else if (type === 1) this.fixed64()
    else if (type === 5) this.fixed32()
    else if (type === 2) this.#at = this.#lengthEnd()
    else throw new OtlpError(`wire type ${type} is none`)
  }

  #varint(): number {
    let value = 0
    for (let scale = 1; scale <= 2 ** 63; scale *= 0x80) {
      const byte = this.#byte()
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
    }
    throw new OtlpError('a number has more than 64 bits')
  }

  #byte(): number {
    this.#pass(1)
    return this.#bytes[this.#at - 1] as number
  }

  #pass(size: number): void {
    if (this.#at + size > this.#end) throw new OtlpError('the message ends too early')
    this.#at += size
  }
}
