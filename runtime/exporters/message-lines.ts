import type { ErrorRecord, Level, Message } from '../../model/index.ts'
import { attributeText } from './attribute-text.ts'
import { type Style, styles } from './colours.ts'
import { formatDuration } from './duration.ts'
import { recordLines } from './error-lines.ts'
import { gap, type Line, lineWidth, type Piece, space, wrapBehind } from './line.ts'
import { printableLines } from './printable.ts'
import { attributeLines, type Row } from './row.ts'
import { textWidth } from './text-width.ts'
import type { TreeView } from './tree-view.ts'

/** Lines that one message may take. */
const MAX_LINES = 12

/** The colour of each level. */
export const LEVEL_STYLES: { readonly [level in Level]: Style } = {
  debug: styles.debug,
  info: styles.info,
  warning: styles.warning,
  error: styles.error,
  critical: styles.critical,
}

/** `INFO picked up  orderId=7`, with the error that `logger.exception` was given; in the gutter when, since the root began. */
export function messageRow(message: Message, view: TreeView, room: number): Row {
  const level: Piece = { text: message.level.toUpperCase(), style: LEVEL_STYLES[message.level] }
  const indent = Math.min(level.text.length + 1, 8)
  const offset = message.time - view.root.startTime
  const gutter: Piece = { text: offset < 0n ? '' : `+${formatDuration(offset)}`, style: styles.muted }
  const text = saysTheSame(message) ? [] : textLines(level, message.text, room, indent)
  const lines = withAttributes(text, attributeText(message.attributes), room, indent)
  return { gutter, lines: message.error ? withError(lines, level, message.error, view, room, indent) : lines }
}

/** Whether the text is what its error says anyway. */
function saysTheSame({ text, error }: Message): boolean {
  return error !== undefined && (text === '' || text === error.message || text === `${error.type}: ${error.message}`)
}

function textLines(level: Piece, text: string, room: number, indent: number): Line[] {
  const margin: Piece = { text: ' '.repeat(indent) }
  const lines = printableLines(text).flatMap((line, i) => {
    return wrapBehind(i === 0 ? [level, space] : [margin], line, styles.plain, room, MAX_LINES, indent)
  })
  const more = lines.length - MAX_LINES
  return more > 0
    ? [...lines.slice(0, MAX_LINES), [margin, { text: `… ${more} more lines`, style: styles.muted }]]
    : lines
}

/** The error below the text, or in place of it. */
function withError(
  lines: readonly Line[],
  level: Piece,
  error: ErrorRecord,
  view: TreeView,
  room: number,
  indent: number,
): Line[] {
  const margin: Piece = { text: ' '.repeat(indent) }
  const below = recordLines(error, view.locator, Math.max(room - level.text.length - 1, 1))
  const behindLevel = lines[0]?.[0] === level
  const shown = below.map((line, i): Line => [...(i === 0 && !behindLevel ? [level, space] : [margin]), ...line])
  return behindLevel ? [...lines, ...shown] : [shown[0]!, ...lines, ...shown.slice(1)]
}

/** Attributes at the end of the only line where they fit, else below. */
function withAttributes(lines: readonly Line[], text: string, room: number, indent: number): Line[] {
  if (text === '') return [...lines]
  const [first] = lines
  if (lines.length === 1 && first && lineWidth(first) + 2 + textWidth(text) <= room) {
    return [[...first, gap, { text, style: styles.muted }]]
  }
  return [...lines, ...attributeLines(text, room, indent)]
}
