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
    const { sources, sourcesContent, names } = this
    // Most of it is mappings, in which there is nothing to escape.
    const head = `{"version":3,"sources":${JSON.stringify(sources)},"sourcesContent":${JSON.stringify(sourcesContent)}`
    return `${head},"names":${JSON.stringify(names)},"mappings":"${this.mappings}"}`
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

const LINE_ENDS = /[\n\r\u2028\u2029]/

/** What the last writer wrote to: to allocate it for each file costs as much as to fill it. */
let spare: Buffer | undefined
const MAX_SPARE = 4 * 1024 * 1024

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
    this.#bytes = spare ?? Buffer.allocUnsafe(1 << 16)
    spare = undefined
  }

  /** The source from `start` to `end` comes next, as it is. */
  keep(start: number, end: number): void {
    const code = this.#code
    let before = BLANK
    // Where the columns of both texts begin.
    let begin = start - this.#column
    let sourceBegin = start - this.#sourceColumn
    for (let i = start; i < end; i++) {
      const unit = code.charCodeAt(i)
      const kind = unit < 128 ? (CLASSES[unit] as number) : PUNCTUATION
      if (kind === WORD) {
        if (before !== WORD) this.#segment(i - begin, i - sourceBegin)
      } else if (kind === PUNCTUATION ? unit >= 128 && isLineEnd(unit, code, i) : isLineEnd(unit, code, i)) {
        this.#endLine()
        this.#sourceLine++
        begin = sourceBegin = i + 1
        before = BLANK
        continue
      } else if (kind === PUNCTUATION) this.#segment(i - begin, i - sourceBegin)
      before = kind
    }
    this.#column = end - begin
    this.#sourceColumn = end - sourceBegin
  }

  /**
   * Text that the source does not have comes next, and leads to `anchor` in the source, by default to `at`, where the source has
   * been kept up to.
   */
  add(text: string, at = 0, anchor: number = at): void {
    if (anchor === at) this.#segment(this.#column, this.#sourceColumn)
    else this.#anchor(at, anchor)
    if (!LINE_ENDS.test(text)) {
      this.#column += text.length
      return
    }
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
    const mappings = this.#bytes.toString('latin1', 0, this.#length)
    if (this.#bytes.length <= MAX_SPARE) spare = this.#bytes
    return mappings
  }

  #endLine(): void {
    this.#reserve()
    this.#bytes[this.#length++] = SEMICOLON
    this.#column = 0
    this.#lastColumn = 0
    this.#lineIsEmpty = true
  }

  #segment(column: number, sourceColumn: number): void {
    this.#reserve()
    const forward = column - this.#lastColumn
    const lines = this.#sourceLine - this.#lastSourceLine
    if (!this.#lineIsEmpty) this.#bytes[this.#length++] = COMMA
    this.#lineIsEmpty = false
    if (lines === 0 && forward < 16 && sourceColumn - this.#lastSourceColumn === forward) this.#nearby(forward)
    else {
      this.#number(forward)
      this.#bytes[this.#length++] = ZERO
      this.#number(lines)
      this.#number(sourceColumn - this.#lastSourceColumn)
    }
    this.#lastColumn = column
    this.#lastSourceLine = this.#sourceLine
    this.#lastSourceColumn = sourceColumn
  }

  #anchor(at: number, anchor: number): void {
    const code = this.#code
    const line = this.#sourceLine
    for (let i = at; i < anchor; i++) if (isLineEnd(code.charCodeAt(i), code, i)) this.#sourceLine++
    for (let i = anchor; i < at; i++) if (isLineEnd(code.charCodeAt(i), code, i)) this.#sourceLine--
    // Not counted from the beginning of the line where that is not needed: a minified file has but one.
    const sameLine = this.#sourceLine === line
    this.#segment(this.#column, sameLine ? this.#sourceColumn + anchor - at : columnOf(anchor, code))
    this.#sourceLine = line
  }

  // The next token of what is kept, as most are: both columns go on by one digit.
  #nearby(columns: number): void {
    const bytes = this.#bytes
    const at = this.#length
    const digit = DIGITS[columns << 1] as number
    bytes[at] = digit
    bytes[at + 1] = ZERO
    bytes[at + 2] = ZERO
    bytes[at + 3] = digit
    this.#length = at + 4
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

function columnOf(offset: number, code: string): number {
  let begin = offset
  while (begin > 0 && !isLineEnd(code.charCodeAt(begin - 1), code, begin - 1)) begin--
  return offset - begin
}

function isLineEnd(unit: number, text: string, at: number): boolean {
  if (unit === 10 || unit === 0x2028 || unit === 0x2029) return true
  return unit === 13 && text.charCodeAt(at + 1) !== 10
}
