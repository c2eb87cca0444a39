import * as toml from 'smol-toml'
import { getLogger, span } from 'span-tree'
import * as yaml from 'yaml'

const logger = getLogger('documents')

export interface Document {
  readonly title: string
  readonly pages: readonly { readonly number: number; readonly words: number }[]
}

export function createDocument(pages: number): Document {
  return { title: 'Report', pages: Array.from({ length: pages }, (_, i) => ({ number: i, words: i * 7 })) }
}

/** A way to write a document down and to read it back. */
@span
export class Format {
  static readonly all: readonly Format[] = [
    new Format('yaml', yaml.stringify, yaml.parse),
    new Format('toml', toml.stringify, toml.parse),
    new Format('json', JSON.stringify, JSON.parse),
  ]

  readonly #name: string
  readonly #dump: (document: Document) => string
  readonly #parse: (text: string) => unknown

  private constructor(name: string, dump: (document: Document) => string, parse: (text: string) => unknown) {
    this.#name = name
    this.#dump = dump
    this.#parse = parse
  }

  roundTrip(document: Document): void {
    const text = this.dump(document)
    logger.extra({ format: this.#name, characters: text.length })
    if (JSON.stringify(this.parse(text)) !== JSON.stringify(document)) throw new Error('the copy differs')
  }

  dump(document: Document): string {
    return this.#dump(document)
  }

  parse(text: string): unknown {
    return this.#parse(text)
  }
}
