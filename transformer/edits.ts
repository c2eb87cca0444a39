import { MappingsWriter, SourceMap } from './source-map.ts'

interface Insertion {
  readonly offset: number
  readonly text: string
  readonly closes: boolean
  /** The other end of what is wrapped. */
  readonly partner: number
  readonly order: number
  /** What a map says of it; by default, where it stands. */
  readonly anchor: number | undefined
}

interface Replacement {
  readonly start: number
  readonly end: number
  readonly text: string
}

/**
 * Text put around and into ranges of the source, in any order as long as what contains comes before what it
 * contains. Ranges nest, so at one offset what ends there is closed, innermost first, before what begins there is
 * opened, outermost first.
 */
export class Edits {
  readonly #insertions: Insertion[] = []
  readonly #replacements: Replacement[] = []

  /** Puts `before` and `after` around a range. To a source map, `before` comes from `anchor`; without it, `after` does. */
  wrap(range: { readonly start: number; readonly end: number }, before: string, after: string, anchor?: number): void {
    const { start, end } = range
    if (start === end) {
      this.insert(start, before + after, anchor)
      return
    }
    const order = this.#insertions.length
    if (before) this.#insertions.push({ offset: start, text: before, closes: false, partner: end, order, anchor })
    if (after)
      this.#insertions.push({
        offset: end,
        text: after,
        closes: true,
        partner: start,
        order,
        anchor: before ? undefined : anchor,
      })
  }

  /** Puts `text` at an offset, before everything that begins there. */
  insert(offset: number, text: string, anchor?: number): void {
    const order = this.#insertions.length
    this.#insertions.push({ offset, text, closes: false, partner: Number.POSITIVE_INFINITY, order, anchor })
  }

  /** Replaces a range; line breaks in it are kept. Nothing is inserted inside of it. */
  replace(start: number, end: number, text: string): void {
    this.#replacements.push({ start, end, text })
  }

  /** The edited text and, where a source is named for it, its map. What is inserted leads to where it stands. */
  apply(code: string, source: string | undefined): { code: string; map: SourceMap | null } {
    const mappings = source === undefined ? undefined : new MappingsWriter(code)
    const pieces: string[] = []
    let at = 0
    const keep = (to: number): void => {
      if (to === at) return
      mappings?.keep(at, to)
      pieces.push(code.slice(at, to))
      at = to
    }
    const add = (text: string, anchor?: number): void => {
      mappings?.add(text, at, anchor)
      pieces.push(text)
    }
    const replacements = this.#replacements.sort((a, b) => b.start - a.start)
    const replaceUpTo = (offset: number): void => {
      for (let next = replacements.at(-1); next && next.start < offset; next = replacements.at(-1)) {
        keep(next.start)
        add(next.text + code.slice(next.start, next.end).replace(/[^\n\r\u2028\u2029]/g, ''))
        at = next.end
        mappings?.skip(next.start, next.end)
        replacements.pop()
      }
    }
    for (const { offset, text, anchor } of this.#insertions.sort(inOrder)) {
      replaceUpTo(offset)
      keep(offset)
      add(text, anchor)
    }
    replaceUpTo(Number.POSITIVE_INFINITY)
    keep(code.length)
    const map = mappings && source !== undefined ? new SourceMap(source, code, mappings.finish()) : null
    return { code: pieces.join(''), map }
  }
}

function inOrder(a: Insertion, b: Insertion): number {
  if (a.offset !== b.offset) return a.offset - b.offset
  if (a.closes !== b.closes) return a.closes ? -1 : 1
  // The inner of two ranges begins later and ends earlier; of equal ones the inner was added later.
  return b.partner - a.partner || (a.closes ? b.order - a.order : a.order - b.order)
}
