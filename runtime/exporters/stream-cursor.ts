import { type Attributes, type Span, spansOf } from '../../model/index.ts'
import { styles } from './colours.ts'
import { exitErrorLines, handledErrorLines } from './error-lines.ts'
import type { Line } from './line.ts'
import { printable } from './printable.ts'
import type { Row } from './row.ts'
import { runEnd } from './sibling-groups.ts'
import type { SlowSpan } from './slow-spans.ts'
import { asItems } from './span-items.ts'
import { closeRow, droppedRow, openRow, slowRow } from './span-lines.ts'
import { guidesBelow, layout, type Position, place, roomFor } from './tree-layout.ts'
import type { TreeView } from './tree-view.ts'

/** Nanoseconds that a span has run before its first line is printed without waiting for its end. */
const PATIENCE = 250_000_000n

/** A span whose first line is printed and whose last is not. */
interface OpenSpan {
  readonly id: string
  readonly name: string
  /** Guides of the span's own lines, and of what is below it. */
  readonly guides: string
  readonly inner: string
  readonly position: Position
  readonly attributes: Attributes
  /** Ids of the children that are printed: one whose span was dropped since is no longer among the children. */
  readonly printed: Set<string>
  /** Up to here all children, and all messages, are printed. */
  child: number
  message: number
}

/**
 * Prints a growing tree from top to bottom, never going back: walks it in the order in which spans began, prints
 * each span with all that is below it once that is complete, and waits at the first that is not. One that has run
 * for a while is opened, so that what happens in it can be seen; its end is a line of its own.
 */
export class StreamCursor {
  readonly #open: OpenSpan[] = []
  /** Slow spans that were printed before the root had ended, and so without a mark. */
  #unmarked: readonly SlowSpan[] | undefined
  #ended = false

  /** Whether something was printed and more is to come. */
  get streaming(): boolean {
    return this.#open.length > 0
  }

  /**
   * What can be printed now that could not before. `now`: nanoseconds since the Unix epoch. `final`: nothing more
   * will come, so print the rest.
   */
  advance(view: TreeView, now: bigint, final = false): Line[] {
    const lines: Line[] = []
    if (this.#ended) return lines
    if (!this.streaming) {
      if (!ripe(view.root, now)) return lines
      lines.push(...this.#begin(view.root, '', 'root', view))
    }
    if (view.root.endTime !== undefined) {
      this.#unmarked ??= [...view.slow.values()].filter(({ span }) => this.#isPrinted(view.path(span)))
    }
    for (const open of this.#open) open.child = 0
    for (let step = this.#step(view, now, final); step; step = this.#step(view, now, final)) {
      for (const line of step) lines.push(line)
    }
    return lines
  }

  /** The path that is open, said again: after something else was printed in between. */
  resume(): Line[] {
    return this.#open.flatMap(({ name, guides, position }) => {
      const line: Line = [{ text: `⋯ ${printable(name)} (continued)`, style: styles.muted }]
      return place({ lines: [line] }, guides, position, true)
    })
  }

  /** The next lines, or `undefined` where the walk has to wait or is at its end. */
  #step(view: TreeView, now: bigint, final: boolean): Line[] | undefined {
    const open = this.#open.at(-1)
    if (open === undefined) return undefined
    const span = open.position === 'root' ? view.root : view.span(open.id)
    if (span === undefined) return this.#close(open, undefined, view)
    const child = nextChild(open, span)
    const message = span.messages[open.message]
    if (message && (!child || message.time <= child.startTime)) {
      open.message++
      return layout({ kind: 'message', message }, open.inner, 'middle', view)
    }
    if (child) return this.#child(open, span, view, now, final)
    // The root is closed by its export, which knows all that came of it.
    return final || (span.endTime !== undefined && span !== view.root) ? this.#close(open, span, view) : undefined
  }

  #child(open: OpenSpan, parent: Span, view: TreeView, now: bigint, final: boolean): Line[] | undefined {
    const { children } = parent
    const child = children[open.child]!
    if (!final && !complete(child)) {
      if (!ripe(child, now)) return undefined
      open.printed.add(child.id)
      return this.#begin(child, open.inner, 'middle', view)
    }
    const end = runEnd(children, open.child, view.eventful, parent.messages[open.message]?.time)
    const growing = !final && end === children.length && parent.endTime === undefined && !view.eventful.has(child)
    if (growing && now - (child.endTime ?? now) < PATIENCE) return undefined
    const spans = children.slice(open.child, end)
    for (const { id } of spans) open.printed.add(id)
    return asItems(spans).flatMap(item => layout(item, open.inner, 'middle', view))
  }

  /** Whether the last line of the span at the end of `path` (ids, from the root down) was printed. */
  #isPrinted(path: readonly string[]): boolean {
    const depth = this.#open.findIndex(({ id }, i) => path[i] !== id)
    const inner = depth < 0 ? this.#open.length : depth
    const id = path[inner]
    return id !== undefined && (this.#open[inner - 1]?.printed.has(id) ?? false)
  }

  #begin(span: Span, guides: string, position: Position, view: TreeView): Line[] {
    const inner = guidesBelow(guides, position, view)
    const { id, name, attributes } = span
    this.#open.push({ id, name, guides, inner, position, attributes, printed: new Set(), child: 0, message: 0 })
    return place(openRow(span, view, roomFor(guides, position, view)), guides, position, true)
  }

  #close(open: OpenSpan, span: Span | undefined, view: TreeView): Line[] {
    this.#open.pop()
    this.#ended = this.#open.length === 0
    const room = roomFor(open.inner, 'middle', view)
    const rows = span ? this.#lastRows(span, view, room) : []
    const end = span
      ? closeRow(span, view, room, open.attributes)
      : { lines: [[{ text: printable(open.name), style: styles.muted }]] }
    return [...rows.flatMap(row => place(row, open.inner, 'middle', false)), ...place(end, open.inner, 'last', false)]
  }

  #lastRows(span: Span, view: TreeView, room: number): Row[] {
    const rows: Row[] = span.dropped ? [droppedRow(span.dropped)] : []
    for (const error of span.handledErrors) rows.push({ lines: handledErrorLines(error, view, room) })
    if (span.exitError) rows.push({ lines: exitErrorLines(span, span.exitError, view, room) })
    if (span !== view.root) return rows
    for (const slow of this.#unmarked ?? []) rows.push(slowRow(slow, view, room))
    return rows
  }
}

function nextChild(open: OpenSpan, span: Span): Span | undefined {
  let child = span.children[open.child]
  while (child && open.printed.has(child.id)) child = span.children[++open.child]
  return child
}

/** Whether the span and all below it have ended. */
function complete(span: Span): boolean {
  for (const { span: each } of spansOf(span)) if (each.endTime === undefined) return false
  return true
}

function ripe(span: Span, now: bigint): boolean {
  return now - span.startTime >= PATIENCE
}
