/** What a document's object has by a name, or one element of a list in it. */
export interface JsonMember {
  /** '' for elements of a document that is a list itself. */
  readonly key: string
  /** `traceEvents[3]`, `metadata`. */
  readonly path: string
  /** JSON, if all is well; undefined where it is longer than may be. */
  readonly text: string | undefined
}

/** Characters of one member: V8 has no strings of 2²⁹. */
const MAX_LENGTH: number = 2 ** 27

const STRUCTURE = /["[\]{},:]/g
const STRING_END = /["\\]/g

/**
 * Takes a document apart that may be larger than any string: into the members of its object, and the elements of those that are lists and
 * named so. Text comes in pieces, cut anywhere. What is in a member is not looked at, but for brackets and quotes; that a list is not
 * closed, as of programs that were killed, does not matter.
 */
export class JsonMembers {
  readonly #lists: ReadonlySet<string>
  /** Names of the object's members, as far as they are known. */
  readonly keys: string[] = []
  #isObject = false
  #isClosed = false
  #goesOn = false
  #depth = 0
  #inList = false
  #inString = false
  /** Whether the next character is behind a backslash. */
  #isEscaped = false
  #key: string | undefined
  #index = 0
  #pieces: string[] = []
  #length = 0
  #found: JsonMember[] = []

  constructor(lists: readonly string[]) {
    this.#lists = new Set(lists)
  }

  /** Whether the document's last bracket was seen; what comes behind it is not looked at. */
  get isClosed(): boolean {
    return this.#isClosed
  }

  /** Whether there is something behind it. */
  get goesOn(): boolean {
    return this.#goesOn
  }

  push(text: string): JsonMember[] {
    let from = 0
    for (let at = this.#next(text, 0); at >= 0 && !this.#isClosed; at = this.#next(text, at + 1))
      from = this.#meet(text, from, at)
    if (this.#isClosed) this.#goesOn ||= /\S/.test(text.slice(from))
    else this.#keep(text.slice(from))
    return this.#taken()
  }

  /** What nothing has ended. */
  end(): JsonMember[] {
    this.#finish('')
    return this.#taken()
  }

  #taken(): JsonMember[] {
    const found = this.#found
    this.#found = []
    return found
  }

  /** Where the next character stands that matters; skips strings. */
  #next(text: string, from: number): number {
    let at = from
    while (this.#inString) {
      if (this.#isEscaped && at < text.length) {
        this.#isEscaped = false
        at++
      }
      STRING_END.lastIndex = at
      const end = STRING_END.exec(text)?.index
      if (end === undefined) return -1
      at = end + 1
      if (text[end] === '"') this.#inString = false
      else this.#isEscaped = true
    }
    STRUCTURE.lastIndex = at
    return STRUCTURE.exec(text)?.index ?? -1
  }

  /** Returns where the member begins that is open then. */
  #meet(text: string, from: number, at: number): number {
    switch (text[at]) {
      case '"':
        this.#inString = true
        return from
      case '{':
      case '[':
        return this.#open(text, from, at)
      case '}':
      case ']':
        return this.#close(text, from, at)
      case ',':
        if (this.#depth !== this.#level) return from
        this.#finish(text.slice(from, at))
        return at + 1
      default:
        return this.#colon(text, from, at)
    }
  }

  /** At this depth commas stand between members. */
  get #level(): number {
    return this.#inList ? 2 : 1
  }

  #open(text: string, from: number, at: number): number {
    this.#depth++
    if (this.#depth === 1) {
      this.#isObject = text[at] === '{'
      this.#pieces = []
      return at + 1
    }
    if (this.#depth > 2 || text[at] !== '[' || this.#key === undefined || !this.#lists.has(this.#key)) return from
    this.#inList = true
    this.#index = 0
    this.#pieces = []
    return at + 1
  }

  #close(text: string, from: number, at: number): number {
    if (this.#depth > this.#level) {
      this.#depth--
      return from
    }
    this.#finish(text.slice(from, at))
    this.#depth--
    this.#isClosed = this.#depth <= 0
    this.#inList = false
    this.#key = undefined
    return at + 1
  }

  #colon(text: string, from: number, at: number): number {
    if (!this.#isObject || this.#inList || this.#depth !== 1 || this.#key !== undefined) return from
    const name = (this.#pieces.join('') + text.slice(from, at)).trim()
    this.#key = name.startsWith('"') ? name.slice(1, -1) : name
    this.keys.push(this.#key)
    this.#pieces = []
    return at + 1
  }

  #keep(piece: string): void {
    if (piece === '' || this.#depth === 0) return
    this.#length += piece.length
    if (this.#length > MAX_LENGTH) this.#pieces = []
    else this.#pieces.push(piece)
  }

  #finish(rest: string): void {
    const isTooLong = this.#length + rest.length > MAX_LENGTH
    const text = this.#pieces.join('') + rest
    this.#pieces = []
    this.#length = 0
    const isElement = this.#inList || !this.#isObject
    if (isTooLong || (this.#depth > 0 && text.trim() !== '')) {
      const key = this.#key ?? ''
      this.#found.push({ key, path: isElement ? `${key}[${this.#index++}]` : key, text: isTooLong ? undefined : text })
    }
    if (!isElement) this.#key = undefined
  }
}
