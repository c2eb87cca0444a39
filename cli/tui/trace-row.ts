import { blue } from 'kleur/colors'
import { durationOf, type Span } from '../../model/index.ts'
import { attributeText } from '../../runtime/exporters/attribute-text.ts'
import { type Style, styles } from '../../runtime/exporters/colours.ts'
import { formatDuration } from '../../runtime/exporters/duration.ts'
import { exitErrorLines, handledErrorLine } from '../../runtime/exporters/error-lines.ts'
import { fitLine, gap, type Line, lineWidth, type Piece } from '../../runtime/exporters/line.ts'
import { messageRow } from '../../runtime/exporters/message-lines.ts'
import { printable } from '../../runtime/exporters/printable.ts'
import { shownAttributes } from '../../runtime/exporters/shown-attributes.ts'
import { figuresOf, lengthOf, slowestOf } from '../../runtime/exporters/sibling-groups.ts'
import { headOf } from '../../runtime/exporters/span-lines.ts'
import { hasBelow, isFolded } from './fold.ts'
import { blank, cell, muted, type Row } from './look.ts'
import type { State, TraceView } from './state.ts'
import { type Stretch, timeBar, timeMark } from './time-bar.ts'
import type { Node, TraceDocument } from './trace-document.ts'

/** Columns of how long it took, at the left, and of the bars at the right. */
const GUTTER = 8
const BAR_SHARE = 0.24
const MAX_BAR = 48
/** Columns of the screen below which there is no room for bars. */
const MIN_FOR_BARS = 56
/** Columns of one level, and the part of the row that the levels may take. */
const LEVEL = 2
const MAX_GUIDES = 0.5

/** The rows of a trace that are on the screen: only these are laid out. */
export function traceRows(state: State, view: TraceView, height: number): Row[] {
  const { asked, visible, scroll } = view
  const document = asked.value
  if (document === undefined || visible === undefined) return []
  const shown = [...visible.rows.subarray(scroll.top, scroll.top + height)]
  return shown.map((row, i) => ({
    line: rowLine(document, row, view, state.columns - 1),
    chosen: scroll.top + i === scroll.cursor,
  }))
}

function rowLine(document: TraceDocument, row: number, view: TraceView, width: number): Line {
  const node = document.nodes[row]!
  const bar = width < MIN_FOR_BARS ? 0 : Math.min(Math.round(width * BAR_SHARE), MAX_BAR)
  const room = width - GUTTER - 2 - (bar > 0 ? bar + 2 : 0)
  const guides = guidesOf(document, row, view, room)
  const text = fitLine(contentOf(node, room - guides.length), Math.max(1, room - guides.length))
  const tree: Line = [{ text: guides, style: styles.guide }, ...text]
  const used = guides.length + lineWidth(text)
  return [
    ...cell(gutterOf(node, document), GUTTER, 'right'),
    blank(2),
    ...tree,
    ...(bar > 0 ? [blank(room - used + 2), barOf(node, document, bar)] : []),
  ]
}

/** `│ ├▾ `: the lines that lead to a row, and whether it is folded. Too deep ones begin with `⋯`. */
function guidesOf({ nodes }: TraceDocument, row: number, { folds, visible }: TraceView, room: number): string {
  const node = nodes[row]!
  const sign = !hasBelow(node, row) ? (node.parent < 0 ? '' : '─ ') : isFolded(folds, node) ? '▸ ' : '▾ '
  if (node.parent < 0) return sign
  const isLast = (index: number): boolean => visible?.isLast[index] === 1
  const most = Math.max(1, Math.floor((room * MAX_GUIDES) / LEVEL))
  let guides = `${isLast(row) ? '└' : '├'}${sign}`
  let levels = 1
  for (let i = node.parent; nodes[i]!.parent >= 0; i = nodes[i]!.parent) {
    if (++levels > most) return `⋯ ${guides}`
    guides = (isLast(i) ? '  ' : '│ ') + guides
  }
  return guides
}

function gutterOf({ entry, span, tree }: Node, { start }: TraceDocument): Piece {
  switch (entry.kind) {
    case 'span': {
      const duration = durationOf(span)
      if (duration === undefined) return { text: '…', style: styles.running }
      return { text: formatDuration(duration), style: tree.slow.has(span.id) ? styles.slow : styles.duration }
    }
    case 'group':
      return { text: formatDuration(figuresOf(entry.spans).total), style: styles.duration }
    case 'message':
      return muted(entry.message.time < start ? '' : `+${formatDuration(entry.message.time - start)}`)
    default:
      return { text: '' }
  }
}

function contentOf({ entry, span, tree }: Node, room: number): Line {
  switch (entry.kind) {
    case 'span':
      return [...headOf(span, tree), ...attributesOf(span)]
    case 'group':
      return groupLine(entry.spans)
    case 'message':
      return messageRow(entry.message, tree, UNBROKEN).lines[0] ?? []
    case 'error':
      return exitErrorLines(span, entry.error, tree, UNBROKEN)[0] ?? []
    case 'handled':
      return handledErrorLine(entry.error, tree, room)
    case 'dropped':
      return [muted(`⋯ ${entry.count} short ${entry.count === 1 ? 'call' : 'calls'} left out`)]
    case 'link':
      return [{ text: `⇢ ${entry.link.traceId}`, style: styles.own }, muted(`  linked span ${entry.link.spanId}`)]
    case 'reference':
      return [
        { text: entry.reference.role === 'source' ? '⇢ ' : '⇠ ', style: styles.own },
        ...referenceLine(entry.reference),
      ]
    case 'elsewhere':
      return [muted(`↑ ${entry.late ? 'its parent came before it' : 'called from elsewhere'}: span ${entry.parentId}`)]
  }
}

/** More columns than any screen has, so that a text stays on one line and is cut. */
const UNBROKEN = 1_000

function referenceLine({ id, role }: { readonly id: string; readonly role: 'source' | 'destination' }): Line {
  return [muted(role === 'source' ? 'sent with reference ' : 'received with reference '), { text: printable(id) }]
}

function attributesOf({ attributes }: Span): Line {
  const text = attributeText(shownAttributes(attributes))
  return text === '' ? [] : [gap, muted(text)]
}

/** `lookup ×128  2.00 µs … 310 µs`. */
function groupLine(spans: readonly Span[]): Line {
  const { count, min, failed } = figuresOf(spans)
  const range = `  ${formatDuration(min)} … ${formatDuration(lengthOf(slowestOf(spans)))}`
  const more: Line = failed > 0 ? [{ text: `, ${failed} failed`, style: styles.failed }] : []
  return [{ text: printable(spans[0]?.name ?? '') }, { text: ` ×${count}`, style: styles.count }, muted(range), ...more]
}

function barOf({ entry, span, tree }: Node, document: TraceDocument, width: number): Piece {
  switch (entry.kind) {
    case 'span':
      return { text: timeBar(stretchOf([span], document), width), style: barStyle(span, tree.slow.has(span.id)) }
    case 'group':
      return { text: timeBar(stretchOf(entry.spans, document), width), style: blue }
    case 'message':
      return { text: timeMark(part(entry.message.time, document), width, '•'), style: styles.muted }
    case 'error':
      return { text: timeMark(part(span.endTime ?? document.end, document), width, '✗'), style: styles.error }
    default:
      return blank(width)
  }
}

function stretchOf(spans: readonly Span[], document: TraceDocument): Stretch {
  let [from, to] = [1, 0]
  for (const { startTime, endTime } of spans) {
    from = Math.min(from, part(startTime, document))
    to = Math.max(to, part(endTime ?? document.end, document))
  }
  return { from, to }
}

/** Where in the trace a moment is: 0 to 1. */
function part(time: bigint, { start, end }: TraceDocument): number {
  return end > start ? Number(time - start) / Number(end - start) : 0
}

function barStyle({ status, endTime }: Span, isSlow: boolean): Style {
  if (status === 'failed') return styles.error
  if (endTime === undefined) return styles.running
  return isSlow ? styles.slow : blue
}
