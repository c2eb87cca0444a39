import type { Span } from '../../model/index.ts'
import { styles } from './colours.ts'
import { exitErrorLines, handledErrorLines } from './error-lines.ts'
import type { Line } from './line.ts'
import { messageRow } from './message-lines.ts'
import type { Row } from './row.ts'
import { slowestOf } from './sibling-groups.ts'
import { type Item, itemsOf } from './span-items.ts'
import { droppedRow, groupRow, spanRow } from './span-lines.ts'
import { textWidth } from './text-width.ts'
import type { TreeView } from './tree-view.ts'

/** Columns of the gutter on the left, in which durations stand, and between it and the tree. */
const GUTTER = 8
const MARGIN = 2

/** Columns of one level of the tree, and the part of the line that its guides may take: a deep tree must stay readable. */
const LEVEL = 3
const MAX_GUIDES = 0.5

/** Where an item stands among its siblings: decides its branch glyphs. */
export type Position = 'root' | 'middle' | 'last'

/** An item and everything below it as lines. `guides`: the vertical lines of the levels above. */
export function layout(item: Item, guides: string, position: Position, view: TreeView): Line[] {
  const lines: Line[] = []
  const stack = [{ item, guides, position }]
  for (let next = stack.pop(); next; next = stack.pop()) {
    const below = itemsBelow(next.item, view)
    const row = rowOf(next.item, view, roomFor(next.guides, next.position, view))
    lines.push(...place(row, next.guides, next.position, below.length > 0))
    const inner = guidesBelow(next.guides, next.position, view)
    for (let i = below.length - 1; i >= 0; i--) {
      stack.push({ item: below[i]!, guides: inner, position: i === below.length - 1 ? 'last' : 'middle' })
    }
  }
  return lines
}

/** Columns for a row's own text. */
export function roomFor(guides: string, position: Position, view: TreeView): number {
  const used = GUTTER + MARGIN + guides.length + (position === 'root' ? 0 : LEVEL)
  return Math.max(view.width - used, LEVEL)
}

/**
 * The guides of what is below an item. Where they would take more than half of the width, the tree goes on at the left:
 * `⋯` stands for all levels but the last.
 */
export function guidesBelow(guides: string, position: Position, view: TreeView): string {
  if (position === 'root') return guides
  const inner = guides + (position === 'last' ? '   ' : '│  ')
  const most = (view.width - GUTTER - MARGIN) * MAX_GUIDES
  return inner.length <= most ? inner : `⋯  ${inner.slice(-LEVEL)}`
}

/** A row with its gutter, guides and branch. `below`: whether items hang below it. */
export function place(row: Row, guides: string, position: Position, below: boolean): Line[] {
  const branch = position === 'root' ? '' : position === 'last' ? '└─ ' : '├─ '
  const beside = position === 'root' ? '' : position === 'last' ? '   ' : '│  '
  const continued = guides + beside + (below ? '│  ' : '')
  return row.lines.map((line, i) => {
    const gutter = i === 0 ? (row.gutter ?? { text: '' }) : { text: '' }
    const margin = ' '.repeat(Math.max(GUTTER - textWidth(gutter.text), 0))
    const prefix = { text: i === 0 ? guides + branch : continued, style: styles.guide }
    return [{ text: margin }, gutter, { text: ' '.repeat(MARGIN) }, prefix, ...line]
  })
}

function rowOf(item: Item, view: TreeView, room: number): Row {
  switch (item.kind) {
    case 'span':
      return spanRow(item.span, view, room, item.slowestOf)
    case 'group':
      return groupRow(item.spans, view, room)
    case 'message':
      return messageRow(item.message, view, room)
    case 'dropped':
      return droppedRow(item.count)
    case 'handled':
      return { lines: handledErrorLines(item.error, view, room) }
    case 'error':
      return { lines: exitErrorLines(item.span, item.error, view, room) }
  }
}

function itemsBelow(item: Item, view: TreeView): readonly Item[] {
  if (item.kind === 'span') return itemsOf(item.span, view.eventful)
  return item.kind === 'group' ? belowGroup(item.spans, view) : []
}

/** Of a group, the slowest is shown when there is more to see of it than its duration; of a node of many calls, what was below them. */
function belowGroup(spans: readonly Span[], view: TreeView): readonly Item[] {
  const [first] = spans
  if (first?.calls) return itemsOf(first, view.eventful)
  const kept = spans.filter(({ calls }) => calls === undefined)
  const slowest = slowestOf(kept)
  const bare = slowest.children.length === 0 && Object.keys(slowest.attributes).length === 0
  return bare ? [] : [{ kind: 'span', span: slowest, slowestOf: kept.length }]
}
