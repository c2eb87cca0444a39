/** A source map of version 3, with one source and its content. */
export class SourceMap {
  readonly version = 3
  readonly sources: string[]
  readonly sourcesContent: string[]
  readonly names: string[] = []
  readonly mappings: string

  constructor(source: string, content: string, mappings: string) {
    this.sources = [source]
    this.sourcesContent = [content]
    this.mappings = mappings
  }

  /** JSON. */
  toString(): string {
    return JSON.stringify(this)
  }

  /** A `data:` URL. */
  toUrl(): string {
    return `data:application/json;charset=utf-8;base64,${Buffer.from(this.toString()).toString('base64')}`
  }
}

const DIGITS = Uint8Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/', c => c.charCodeAt(0))
const [COMMA, SEMICOLON, ZERO] = [44, 59, 65]

const BLANK = 0
const PUNCTUATION = 1
const WORD = 2

// What each ASCII character is; beyond, each gets a segment of its own, whatever it is.
const CLASSES = Uint8Array.from({ length: 128 }, (_, i) => {
  if (i <= 32) return BLANK
  return /[\w$]/.test(String.fromCharCode(i)) ? WORD : PUNCTUATION
})

/**
 * Writes the mappings of a text that is made of a source's pieces, in order, and of insertions. Each word and each
 * punctuation mark gets a segment: an engine may report any of them, and consumers do not interpolate. Lines end where
 * ECMAScript ends them, since so do an engine's positions.
 */
export class MappingsWriter {
  readonly #code: string
  #bytes: Buffer
  #length = 0
  /** Of the text that is made. */
  #column = 0
  /** Of the source, at the end of what was kept. */
  #sourceLine = 0
  #sourceColumn = 0
  /** What the last segment said, since segments say differences. */
  #lastColumn = 0
  #lastSourceLine = 0
  #lastSourceColumn = 0
  #lineIsEmpty = true

  constructor(code: string) {
    this.#code = code
    this.#bytes = Buffer.allocUnsafe(Math.max(1024, code.length * 3))
  }

  /** The source from `start` to `end` comes next, as it is. */
  keep(start: number, end: number): void {
    const code = this.#code
    let before = BLANK
    for (let i = start; i < end; i++) {
      const unit = code.charCodeAt(i)
      const kind = unit < 128 ? (CLASSES[unit] as number) : PUNCTUATION
      if (isLineEnd(unit, code, i)) {
        this.#endLine()
        this.#sourceLine++
        this.#sourceColumn = 0
        before = BLANK
        continue
      }
      if (kind !== BLANK && (kind !== WORD || before !== WORD)) this.#segment()
      before = kind
      this.#column++
      this.#sourceColumn++
    }
  }

  /** Text that the source does not have comes next, and leads to where the source has been kept up to. */
  add(text: string): void {
    this.#segment()
    for (let i = 0; i < text.length; i++) {
      if (isLineEnd(text.charCodeAt(i), text, i)) this.#endLine()
      else this.#column++
    }
  }

  /** The source from `start` to `end` is left out. */
  skip(start: number, end: number): void {
    for (let i = start; i < end; i++) {
      if (isLineEnd(this.#code.charCodeAt(i), this.#code, i)) {
        this.#sourceLine++
        this.#sourceColumn = 0
      } else this.#sourceColumn++
    }
  }

  finish(): string {
    return this.#bytes.toString('latin1', 0, this.#length)
  }

  #endLine(): void {
    this.#reserve()
    this.#bytes[this.#length++] = SEMICOLON
    this.#column = 0
    this.#lastColumn = 0
    this.#lineIsEmpty = true
  }

  #segment(): void {
    this.#reserve()
    if (!this.#lineIsEmpty) this.#bytes[this.#length++] = COMMA
    this.#lineIsEmpty = false
    this.#number(this.#column - this.#lastColumn)
    this.#bytes[this.#length++] = ZERO
    this.#number(this.#sourceLine - this.#lastSourceLine)
    this.#number(this.#sourceColumn - this.#lastSourceColumn)
    this.#lastColumn = this.#column
    this.#lastSourceLine = this.#sourceLine
    this.#lastSourceColumn = this.#sourceColumn
  }

  // Base 64, five bits a digit, least first; the sign is the lowest bit.
  #number(value: number): void {
    let rest = value < 0 ? (-value << 1) | 1 : value << 1
    while (rest > 31) {
      this.#bytes[this.#length++] = DIGITS[(rest & 31) | 32] as number
      rest >>>= 5
    }
    this.#bytes[this.#length++] = DIGITS[rest] as number
  }

  // A segment is at most 24 bytes long.
  #reserve(): void {
    if (this.#length + 32 < this.#bytes.length) return
    this.#bytes = Buffer.concat([this.#bytes], this.#bytes.length * 2)
  }
}

function isLineEnd(unit: number, text: string, at: number): boolean {
  if (unit === 10 || unit === 0x2028 || unit === 0x2029) return true
  return unit === 13 && text.charCodeAt(at + 1) !== 10
}
