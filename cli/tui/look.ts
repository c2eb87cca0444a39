import { inverse } from 'kleur/colors'
import { type Style, styles } from '../../runtime/exporters/colours.ts'
import { fitLine, type Line, lineWidth, type Piece } from '../../runtime/exporters/line.ts'
import { printable } from '../../runtime/exporters/printable.ts'
import { textWidth, truncate } from '../../runtime/exporters/text-width.ts'
import type { TraceStatus } from '../../store/trace-status.ts'
import { STATUS_STYLES } from '../query/trace-rows.ts'

/** A row of a list: the chosen one is marked by its first column, and, in colours, all of it. */
export interface Row {
  readonly line: Line
  readonly chosen?: boolean
}

const CHOSEN = '›'

/** Told by a sign, too: colours may be off. */
const STATUS_SIGNS: Readonly<Record<TraceStatus, string>> = { running: '▸', OK: '✓', FAIL: '✗', CRASH: '!' }

export function statusPiece(status: TraceStatus): Piece {
  return { text: `${STATUS_SIGNS[status]} ${status}`, style: STATUS_STYLES[status] }
}

export function plain(text: string): Piece {
  return { text }
}

export function muted(text: string): Piece {
  return { text, style: styles.muted }
}

export function strong(text: string): Piece {
  return { text, style: styles.root }
}

export function blank(width: number): Piece {
  return { text: ' '.repeat(Math.max(0, width)) }
}

/** `left`, and at the right edge `right`, which gives way where there is too little room for both. */
export function spread(left: Line, right: Line, width: number): Line {
  const room = width - lineWidth(left) - lineWidth(right)
  return room < 0 ? fitLine(left, width) : [...left, blank(room), ...right]
}

/** The piece in exactly `width` columns. */
export function cell({ text, style }: Piece, width: number, align: 'left' | 'right' = 'left'): Line {
  const shown = truncate(text, width)
  const padding = blank(width - textWidth(shown))
  const piece = { text: shown, ...(style && { style }) }
  return align === 'right' ? [padding, piece] : [piece, padding]
}

/** A row in full width, painted. */
export function painted({ line, chosen = false }: Row, width: number, colours: boolean): string {
  const marked: Line = [{ text: chosen ? CHOSEN : ' ' }, ...line]
  const fitted = fitLine(marked, width)
  if (!chosen || !colours) return fitted.map(paintPiece).join('').trimEnd()
  return inverse(fitted.map(({ text }) => text).join('') + ' '.repeat(Math.max(0, width - lineWidth(fitted))))
}

function paintPiece({ text, style = unchanged }: Piece): string {
  return style === unchanged ? text : style(text)
}

const unchanged: Style = text => text

/** What something is, and what is known of it; undefined: nothing is. */
export type Fact = readonly [name: string, value: string | undefined]

const FACT_WIDTH = 8

export function factLines(facts: readonly Fact[], width: number): Line[] {
  return facts.flatMap(([name, value]): Line[] =>
    value === undefined ? [] : [fitLine([muted(`${name.padEnd(FACT_WIDTH)} `), plain(printable(value))], width)],
  )
}

/** `1,234,567`. */
export function countText(count: number): string {
  return count.toLocaleString('en-US')
}

/** `── title ─────`. */
export function rule(title: string, width: number): Line {
  if (title === '') return [muted('─'.repeat(width))]
  const shown = truncate(title, Math.max(1, width - 6))
  return [muted('── '), plain(shown), muted(` ${'─'.repeat(Math.max(0, width - 4 - textWidth(shown)))}`)]
}
