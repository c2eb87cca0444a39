import {
  LEVELS,
  type Level,
  type MessageReference,
  type Span,
  type SpanLink,
  type SpanTree,
  severity,
  spansOf,
} from '../../model/index.ts'
import type { Locator } from '../../runtime/exporters/locator.ts'
import { type Item, itemsOf } from '../../runtime/exporters/span-items.ts'
import { TreeView } from '../../runtime/exporters/tree-view.ts'
import type { TraceSummary } from '../../store/trace-store.ts'

/** What a row of a trace is about. */
export type Entry =
  | Item
  /** A span of another trace that has to do with this one. */
  | { readonly kind: 'link'; readonly link: SpanLink; readonly role: 'link' | MessageReference['role'] }
  | { readonly kind: 'reference'; readonly reference: MessageReference }
  /** The parent of a topmost span is of another process, and was not recorded here. */
  | { readonly kind: 'elsewhere'; readonly parentId: string; readonly late: boolean }

/** A row and what is below it: all of that comes behind it, up to `end`. */
export interface Node {
  readonly entry: Entry
  /** The span that it is, or is of; of a group its first. */
  readonly span: Span
  readonly depth: number
  /** Its index; -1 for topmost ones. */
  readonly parent: number
  /** The index behind the last node below it. */
  end: number
  /** A bit for each level that there is in it or below it (1 for `debug`). */
  levels: number
  /** The same whenever the trace is read. */
  readonly key: string
  readonly tree: TreeView
}

/** A trace, laid out once: every row that it can have, parents before children. */
export interface TraceDocument {
  readonly summary: TraceSummary
  readonly nodes: readonly Node[]
  /** Index of each span's own row, by its id. */
  readonly rows: ReadonlyMap<string, number>
  /** Nanoseconds since the Unix epoch: of the first span's start and the last one's end. */
  readonly start: bigint
  readonly end: bigint
}

/** Columns for which views are made; rows are cut to what there is on the screen. */
const WIDTH = 120

export const ALL_LEVELS: number = (1 << LEVELS.length) - 1

export function documentOf(summary: TraceSummary, trees: readonly SpanTree[], locator: Locator): TraceDocument {
  const nodes: Node[] = []
  for (const tree of trees) layOut(tree, new TreeView(tree, WIDTH, locator), nodes)
  gatherLevels(nodes)
  const rows = new Map<string, number>()
  for (const [i, { entry, span }] of nodes.entries()) if (entry.kind === 'span') rows.set(span.id, i)
  return { summary, nodes, rows, ...extent(trees) }
}

export function levelBit(level: Level): number {
  return 1 << severity(level)
}

/** Without recursion: trees can be as deep as the program's stack. */
function layOut(tree: SpanTree, view: TreeView, nodes: Node[]): void {
  type Pending = { readonly entry: Entry; readonly span: Span; readonly depth: number; readonly parent: number }
  const { root } = tree
  const stack: (Pending | number)[] = [{ entry: { kind: 'span', span: root }, span: root, depth: 0, parent: -1 }]
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    // All below that row is behind it by now.
    if (typeof next === 'number') {
      nodes[next]!.end = nodes.length
      continue
    }
    const { entry, span, depth, parent } = next
    const index = nodes.length
    nodes.push({ ...next, end: index + 1, levels: levelsOf(entry), key: keyOf(entry, span, index, parent), tree: view })
    const below = entriesBelow(entry, tree, view)
    if (below.length === 0) continue
    stack.push(index)
    for (let i = below.length - 1; i >= 0; i--) {
      const each = below[i]!
      stack.push({ entry: each, span: spanOf(each) ?? span, depth: depth + 1, parent: index })
    }
  }
}

function entriesBelow(entry: Entry, tree: SpanTree, view: TreeView): Entry[] {
  // Of a group each of its spans is below it; a node of many calls stands for itself, with what was below those.
  if (entry.kind === 'group') {
    const [first] = entry.spans
    if (entry.spans.length === 1 && first?.calls) return itemsOf(first, view.eventful)
    return entry.spans.map(span => ({ kind: 'span', span }))
  }
  if (entry.kind !== 'span') return []
  const { span } = entry
  return [...elsewhere(span, tree), ...linksOf(span), ...itemsOf(span, view.eventful)]
}

function elsewhere(span: Span, { root, remote, late }: SpanTree): Entry[] {
  if (span !== root || span.parentId === undefined) return []
  return [{ kind: 'elsewhere', parentId: span.parentId, late: late === true && !remote }]
}

function linksOf({ links = [], references = [] }: Span): Entry[] {
  return [
    ...links.map((link): Entry => ({ kind: 'link', link, role: 'link' })),
    ...references.map((reference): Entry => ({ kind: 'reference', reference })),
  ]
}

function spanOf(entry: Entry): Span | undefined {
  if (entry.kind === 'span' || entry.kind === 'error') return entry.span
  return entry.kind === 'group' ? entry.spans[0] : undefined
}

function keyOf(entry: Entry, span: Span, index: number, parent: number): string {
  if (entry.kind === 'span') return span.id
  return entry.kind === 'group' ? `${span.id} and others` : `${span.id} ${entry.kind} ${index - parent}`
}

function levelsOf(entry: Entry): number {
  switch (entry.kind) {
    case 'message':
      return levelBit(entry.message.level)
    case 'error':
      return levelBit('error')
    case 'handled':
      return levelBit('warning')
    case 'span':
      return levelBit(entry.span.status === 'failed' ? 'error' : entry.span.level)
    case 'group':
      return entry.spans.reduce((levels, { level }) => levels | levelBit(level), 0)
    default:
      return levelBit('info')
  }
}

function gatherLevels(nodes: readonly Node[]): void {
  for (let i = nodes.length - 1; i >= 0; i--) {
    const { parent, levels } = nodes[i]!
    if (parent >= 0) nodes[parent]!.levels |= levels
  }
}

function extent(trees: readonly SpanTree[]): { readonly start: bigint; readonly end: bigint } {
  let start = trees[0]?.root.startTime ?? 0n
  let end = start
  for (const { root } of trees) {
    for (const { span } of spansOf(root)) {
      if (span.startTime < start) start = span.startTime
      const last = span.endTime ?? span.startTime
      if (last > end) end = last
    }
  }
  return { start, end }
}
