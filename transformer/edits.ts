import type MagicString from 'magic-string'

interface Insertion {
  readonly offset: number
  readonly text: string
  readonly closes: boolean
  /** The other end of what is wrapped. */
  readonly partner: number
  readonly order: number
}

/**
 * Text put around and into ranges of the source, in any order as long as what contains comes before what it
 * contains. Ranges nest, so at one offset what ends there is closed, innermost first, before what begins there is
 * opened, outermost first.
 */
export class Edits {
  readonly #insertions: Insertion[] = []
  readonly #replacements: { start: number; end: number; text: string }[] = []

  /** Puts `before` and `after` around a range. */
  wrap(range: { readonly start: number; readonly end: number }, before: string, after: string): void {
    const { start, end } = range
    if (start === end) {
      this.insert(start, before + after)
      return
    }
    const order = this.#insertions.length
    if (before) this.#insertions.push({ offset: start, text: before, closes: false, partner: end, order })
    if (after) this.#insertions.push({ offset: end, text: after, closes: true, partner: start, order })
  }

  /** Puts `text` at an offset, before everything that begins there. */
  insert(offset: number, text: string): void {
    const order = this.#insertions.length
    this.#insertions.push({ offset, text, closes: false, partner: Number.POSITIVE_INFINITY, order })
  }

  /** Replaces a range; line breaks in it are kept. */
  replace(start: number, end: number, text: string): void {
    this.#replacements.push({ start, end, text })
  }

  apply(target: MagicString, code: string): void {
    for (const { start, end, text } of this.#replacements) {
      target.update(start, end, text + code.slice(start, end).replace(/[^\n\r\u2028\u2029]/g, ''))
    }
    for (const { offset, text } of this.#insertions.sort(inOrder)) target.appendLeft(offset, text)
  }
}

function inOrder(a: Insertion, b: Insertion): number {
  if (a.offset !== b.offset) return a.offset - b.offset
  if (a.closes !== b.closes) return a.closes ? -1 : 1
  // The inner of two ranges begins later and ends earlier; of equal ones the inner was added later.
  return b.partner - a.partner || (a.closes ? b.order - a.order : a.order - b.order)
}
