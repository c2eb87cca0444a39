import { type Attributes, durationOf, type Span, severity } from '../../model/index.ts'
import { attributeText, valueText } from './attribute-text.ts'
import { styles } from './colours.ts'
import { formatDuration } from './duration.ts'
import { gap, type Line, type Piece, space } from './line.ts'
import { LEVEL_STYLES } from './message-lines.ts'
import { printable } from './printable.ts'
import { compose, type Row } from './row.ts'
import { shownAttributes } from './shown-attributes.ts'
import { figuresOf, lengthOf, slowestOf } from './sibling-groups.ts'
import { elapsed, type SlowSpan, slowShare } from './slow-spans.ts'
import type { TreeView } from './tree-view.ts'

/** Sum of a group's durations as a multiple of the time it took from which on they count as having run at once. */
const CONCURRENT = 1.05

/** `✗ charge ▲ 81 %  amount=120      src/pay.ts:30:3`, its duration in the gutter. */
export function spanRow(span: Span, view: TreeView, room: number, groupSize?: number): Row {
  const head = headOf(span, view)
  if (groupSize !== undefined) head.push({ text: ` slowest of ${groupSize}`, style: styles.muted })
  return {
    gutter: durationPiece(span, view),
    lines: spanLines(head, span, shownAttributes(span.attributes), view, room),
  }
}

/** The first line of a span that goes on: `▸` in the gutter, so that what happens in it can follow. */
export function openRow(span: Span, view: TreeView, room: number): Row {
  return {
    gutter: runningGutter,
    lines: spanLines(nameOf(span, view), span, shownAttributes(span.attributes), view, room),
  }
}

/** Below what happened in a span that was open: how long it took, how it ended, and the attributes that it got since. */
export function closeRow(span: Span, view: TreeView, room: number, shown: Attributes): Row {
  const since = Object.entries(shownAttributes(span.attributes)).filter(
    ([name, value]) => valueText(shown[name]) !== valueText(value),
  )
  const head = headOf(span, view)
  return {
    gutter: durationPiece(span, view),
    lines: compose(head, attributeText(Object.fromEntries(since)), undefined, room),
  }
}

/** `▲ 81 %  charge`: a slow span once more, at the end of a tree that was printed before its durations could be judged. */
export function slowRow({ span, share }: SlowSpan, view: TreeView, room: number): Row {
  const head = [...slowMark(share), gap, ...nameOf(span, view)]
  return {
    gutter: durationPiece(span, view),
    lines: compose(head, '', span.site && view.locator.piece(span.site), room),
  }
}

/** What was left out below a span. */
export function droppedRow(count: number): Row {
  return { lines: [[{ text: `⋯ ${count} short ${count === 1 ? 'call' : 'calls'} left out`, style: styles.muted }]] }
}

/** `lookup ×128  2.00 µs … 310 µs`: siblings of one site. In the gutter the time in which any of them ran. */
export function groupRow(spans: readonly Span[], view: TreeView, room: number): Row {
  const first = spans[0]!
  const { count, total, min, failed } = figuresOf(spans)
  const time = timeOf(spans, total)
  const slow = slowShare(time, durationOf(view.root) ?? 0n)
  const head: Piece[] = [...nameOf(first, view), { text: ` ×${count}`, style: styles.count }]
  if (slow !== undefined && spans[0]!.children.length === 0) head.push(space, ...slowMark(slow))
  head.push(gap, { text: rangeOf(spans, min), style: styles.muted })
  if (Number(total) > Number(time) * CONCURRENT)
    head.push({ text: `, total ${formatDuration(total)}`, style: styles.muted })
  if (spans.some(({ floating }) => floating)) head.push(unawaited)
  if (failed > 0) head.push({ text: `, ${failed} more failed`, style: styles.failed })
  const location = first.site && view.locator.piece(first.site)
  return { gutter: gutterPiece(time, slow !== undefined), lines: compose(head, '', location, room) }
}

/** Nanoseconds in which any of them ran; where many calls share a node, only their sum is known. */
function timeOf(spans: readonly Span[], total: bigint): bigint {
  if (spans.some(({ calls }) => calls !== undefined)) return total
  const { startTime } = spans[0]!
  const end = spans.reduce((end, span) => later(end, span.endTime), startTime)
  return elapsed(spans, startTime, end)
}

/** `2.00 µs … 310 µs, p99 40.0 µs`. */
function rangeOf(spans: readonly Span[], min: bigint): string {
  const range = `${formatDuration(min)} … ${formatDuration(lengthOf(slowestOf(spans)))}`
  const calls = spans.find(({ calls }) => calls)?.calls
  return calls === undefined ? range : `${range}, p99 ${formatDuration(calls.p99)}`
}

function spanLines(head: Line, span: Span, attributes: Attributes, view: TreeView, room: number): Line[] {
  return compose(head, attributeText(attributes), span.site && view.locator.piece(span.site), room)
}

/** The name of a span and its marks, without attributes and place. */
export function headOf(span: Span, view: TreeView): Piece[] {
  return [...nameOf(span, view), ...marksOf(span, view)]
}

function nameOf(span: Span, view: TreeView): Piece[] {
  const text = printable(span.name)
  if (span.status === 'failed') {
    return [{ text: `✗ ${text}`, style: view.handled(span) ? styles.handled : styles.failed }]
  }
  const style = span === view.root ? styles.root : span.level === 'debug' ? styles.debug : styles.plain
  return [{ text, style }]
}

function marksOf(span: Span, view: TreeView): Piece[] {
  const marks: Piece[] = []
  const slow = view.slow.get(span.id)
  if (slow) marks.push(space, ...slowMark(slow.share))
  if (span.slow) marks.push({ text: ` ▲ usually ${formatDuration(span.slow.p50)}`, style: styles.slow })
  if (span.queueDuration !== undefined) {
    marks.push({ text: ` queued ${formatDuration(span.queueDuration)}`, style: styles.muted })
  }
  if (span.status !== 'failed' && severity(span.level) > severity('info')) {
    marks.push(space, { text: span.level.toUpperCase(), style: LEVEL_STYLES[span.level] })
  }
  if (span.kind !== 'internal') marks.push({ text: ` ${span.kind}`, style: styles.muted })
  if (span.endTime === undefined) marks.push({ text: stillRunning(span), style: styles.warning })
  else if (span.floating) marks.push(unawaited)
  return marks
}

const unawaited: Piece = { text: ' ended after its caller — missing await?', style: styles.warning }

function stillRunning(span: Span): string {
  return span.floating ? ' still running — missing await?' : ' still running'
}

function slowMark(share: number): Piece[] {
  return [{ text: `▲ ${Math.round(share * 100)} %`, style: styles.slow }]
}

const runningGutter: Piece = { text: '▸', style: styles.running }

function durationPiece(span: Span, view: TreeView): Piece {
  const duration = durationOf(span)
  return duration === undefined ? { text: '…', style: styles.running } : gutterPiece(duration, view.slow.has(span.id))
}

function gutterPiece(duration: bigint, slow: boolean): Piece {
  return { text: formatDuration(duration), style: slow ? styles.slow : styles.duration }
}

function later(a: bigint, b: bigint | undefined): bigint {
  return b !== undefined && b > a ? b : a
}
