import { type Style, styles } from './colours.ts'
import { hyperlink } from './hyperlink.ts'
import { cut, textWidth, wrap } from './text-width.ts'

/**
 * Lines are made of pieces of plain, printable text and painted last, so that widths are those of the text and no
 * escape code is ever cut.
 */
export interface Piece {
  readonly text: string
  readonly style?: Style
  /** URL to open on a click, where the terminal can. */
  readonly link?: string
}

export type Line = readonly Piece[]

/** Columns behind a head in which it is worth to begin a text. */
const MIN_BEHIND = 4

export const space: Piece = { text: ' ' }
export const gap: Piece = { text: '  ' }

/** Columns that the line takes. */
export function lineWidth(line: Line): number {
  let width = 0
  for (const piece of line) width += textWidth(piece.text)
  return width
}

/** The line in at most `width` columns; what had to be cut ends with `…`. */
export function fitLine(line: Line, width: number): Line {
  if (lineWidth(line) <= width) return line
  const fitted: Piece[] = []
  let room = width
  for (const piece of line) {
    const pieceWidth = textWidth(piece.text)
    if (pieceWidth >= room) return [...fitted, { ...piece, text: cut(piece.text, room) }]
    fitted.push(piece)
    room -= pieceWidth
  }
  return fitted
}

/** Text of one style behind `head`, on as many lines as it needs (at most `maxLines`), the later ones indented by `indent`. */
export function wrapBehind(
  head: Line,
  text: string,
  style: Style,
  width: number,
  maxLines: number,
  indent: number,
): Line[] {
  const margin = Math.min(indent, Math.floor(width / 3))
  const later = Math.max(1, width - margin)
  const firstWidth = width - lineWidth(head)
  const crowded = firstWidth < Math.min(MIN_BEHIND, textWidth(text))
  const [first = '', ...rest] = wrap(text, later, maxLines, crowded ? later : firstWidth)
  const below = (line: string): Line => [{ text: ' '.repeat(margin) }, { text: line, style }]
  if (crowded) return [...(isBlank(head) ? [] : [fitLine(head, width)]), below(first), ...rest.map(below)]
  return [[...head, { text: first, style }], ...rest.map(below)]
}

/** The line as it is written, without trailing blanks. */
export function paint(line: Line, hyperlinks: boolean): string {
  const pieces = withoutTrailingBlanks(line)
  return pieces.map(piece => paintPiece(piece, hyperlinks)).join('')
}

function paintPiece({ text, style = styles.plain, link }: Piece, hyperlinks: boolean): string {
  if (text.trim() === '') return text
  const painted = style(text)
  return link !== undefined && hyperlinks ? hyperlink(painted, link) : painted
}

function isBlank(line: Line): boolean {
  return line.every(({ text }) => text.trim() === '')
}

function withoutTrailingBlanks(line: Line): Line {
  const last = line.findLastIndex(piece => piece.text.trim() !== '')
  const end = line[last]
  return end === undefined ? [] : [...line.slice(0, last), { ...end, text: end.text.trimEnd() }]
}
