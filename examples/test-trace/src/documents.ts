import { span } from 'span-tree'
import * as toml from 'smol-toml'
import * as yaml from 'yaml'

export interface Document {
  readonly title: string
  readonly pages: { number: number; words: number }[]
}

/** The same document, written and read back in three formats. */
@span
export class Documents {
  readonly #document: Document

  constructor(pages: number) {
    this.#document = { title: 'Report', pages: Array.from({ length: pages }, (_, i) => ({ number: i, words: i * 7 })) }
  }

  yaml(): Document {
    return this.#same(yaml.parse(yaml.stringify(this.#document)))
  }

  toml(): Document {
    return this.#same(toml.parse(toml.stringify(this.#document)))
  }

  json(): Document {
    return this.#same(JSON.parse(JSON.stringify(this.#document)))
  }

  #same(copy: unknown): Document {
    if (JSON.stringify(copy) !== JSON.stringify(this.#document)) throw new Error('the copy differs')
    return copy as Document
  }
}
