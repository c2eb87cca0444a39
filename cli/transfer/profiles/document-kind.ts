import { JsonMembers } from './json-members.ts'

/** `lines`: JSON line by line, among other lines perhaps, or a document of OTLP. */
export type DocumentKind = 'lines' | 'chrome' | 'speedscope'

/** Characters after which it is known, or taken for lines. */
const ENOUGH: number = 2 ** 24

const BY_KEY: Readonly<Record<string, DocumentKind>> = {
  traceEvents: 'chrome',
  profiles: 'speedscope',
  shared: 'speedscope',
  resourceSpans: 'lines',
  resourceLogs: 'lines',
  traceId: 'lines',
  root: 'lines',
}

/** Finds out what a file is by how it begins; undefined where more of it has to be seen. */
export class DocumentKinds {
  readonly #members = new JsonMembers(['traceEvents', 'profiles'])
  #seen = ''
  #length = 0

  look(text: string): DocumentKind | undefined {
    this.#length += text.length
    if (this.#seen.length < 1_000) this.#seen = (this.#seen + text).trimStart()
    if (this.#length > ENOUGH) return 'lines'
    if (this.#seen === '') return undefined
    if (this.#seen.startsWith('[')) return ofList(this.#seen)
    if (!this.#seen.startsWith('{')) return 'lines'
    this.#members.push(text)
    const key = this.#members.keys.find(each => each in BY_KEY)
    return key !== undefined ? BY_KEY[key] : this.#members.isClosed ? 'lines' : undefined
  }
}

/** A log, too, may begin with a bracket. */
function ofList(text: string): DocumentKind | undefined {
  if (/^\[\s*(\{\s*)?$/.test(text)) return undefined
  return /^\[\s*(\{\s*"|\])/.test(text) ? 'chrome' : 'lines'
}
