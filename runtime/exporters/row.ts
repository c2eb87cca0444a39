import { styles } from './colours.ts'
import { fitLine, gap, type Line, lineWidth, type Piece, wrapBehind } from './line.ts'
import { textWidth, truncateStart } from './text-width.ts'

/** What one item says: the text in the column left of the tree, and its lines. */
export interface Row {
  readonly gutter?: Piece
  readonly lines: readonly Line[]
}

/** Lines that one list of attributes may take. */
const MAX_ATTRIBUTE_LINES = 2

/** Name, attributes and, at the right edge, the place: on one line, or as many as that takes. */
export function compose(head: Line, attributes: string, location: Piece | undefined, room: number): Line[] {
  const headWidth = lineWidth(head)
  const placeWidth = location ? textWidth(location.text) + 2 : 0
  const attributeWidth = attributes === '' ? 0 : textWidth(attributes) + 2
  const text: Piece = { text: attributes, style: styles.muted }
  if (headWidth + attributeWidth + placeWidth <= room) {
    return [pushRight(attributes === '' ? head : [...head, gap, text], location, room)]
  }
  // What is below the head may have a guide of its own in front, when items follow.
  const narrow = Math.max(room - 3, 1)
  const below = attributes === '' ? [] : attributeLines(attributes, narrow, 2)
  if (headWidth + placeWidth <= room) return [pushRight(head, location, room), ...below]
  return [fitLine(head, room), ...below, ...(location ? [locationLine(location, narrow)] : [])]
}

function pushRight(line: Line, location: Piece | undefined, room: number): Line {
  if (!location) return line
  const blank = room - lineWidth(line) - textWidth(location.text)
  return [...line, { text: ' '.repeat(blank) }, location]
}

/** Attributes below what they belong to. */
export function attributeLines(text: string, room: number, indent: number): Line[] {
  return wrapBehind([{ text: ' '.repeat(indent) }], text, styles.muted, room, MAX_ATTRIBUTE_LINES, indent)
}

/** Of a place that is too wide, the end says more. */
function locationLine(location: Piece, room: number): Line {
  return [gap, { ...location, text: truncateStart(location.text, room - 2) }]
}
