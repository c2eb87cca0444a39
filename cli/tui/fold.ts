import type { Node, TraceDocument } from './trace-document.ts'

/** What is folded: all of a sort, but for some rows, by their keys. */
export interface Folds {
  readonly base: 'groups' | 'everything' | 'nothing'
  readonly except: ReadonlySet<string>
}

export const GROUPS_FOLDED: Folds = { base: 'groups', except: new Set() }

/** The rows of a document that are shown: their indices in it, and of which nothing follows below the same parent. */
export interface Visible {
  readonly rows: Int32Array
  readonly isLast: Uint8Array
}

export function isFolded({ base, except }: Folds, { key, entry, parent }: Node): boolean {
  const folded = base === 'groups' ? entry.kind === 'group' : base === 'everything' && parent >= 0
  return folded !== except.has(key)
}

export function hasBelow(node: Node, index: number): boolean {
  return node.end > index + 1
}

export function folded(folds: Folds, node: Node, wanted: boolean): Folds {
  if (isFolded(folds, node) === wanted) return folds
  const except = new Set(folds.except)
  if (!except.delete(node.key)) except.add(node.key)
  return { ...folds, except }
}

/** With all rows above that one unfolded. */
export function revealed(folds: Folds, { nodes }: TraceDocument, index: number): Folds {
  let result = folds
  for (let i = nodes[index]?.parent ?? -1; i >= 0; i = nodes[i]!.parent) result = folded(result, nodes[i]!, false)
  return result
}

/** In one pass over the document: some 0.2 ms for 20,000 rows. `levels`: bits of those that are shown. */
export function visibleRows({ nodes }: TraceDocument, folds: Folds, levels: number): Visible {
  const rows = new Int32Array(nodes.length)
  let count = 0
  for (let i = 0; i < nodes.length; ) {
    const node = nodes[i]!
    const hidden = node.parent >= 0 && (node.levels & levels) === 0
    if (!hidden) rows[count++] = i
    i = hidden || isFolded(folds, node) ? node.end : i + 1
  }
  return { rows: rows.slice(0, count), isLast: lastOnes(nodes, rows, count) }
}

/** From the end: the first of each parent that is met is its last. */
function lastOnes(nodes: readonly Node[], rows: Int32Array, count: number): Uint8Array {
  const met = new Uint8Array(nodes.length)
  const isLast = new Uint8Array(nodes.length)
  for (let i = count - 1; i >= 0; i--) {
    const row = rows[i]!
    const { parent } = nodes[row]!
    if (parent < 0 || met[parent]) continue
    met[parent] = 1
    isLast[row] = 1
  }
  return isLast
}

/** Where a row of the document is among those shown; of one that is not, the nearest shown above it. */
export function positionOf({ rows }: Visible, index: number): number {
  let [low, high] = [0, rows.length - 1]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (rows[middle]! <= index) low = middle
    else high = middle - 1
  }
  return low
}
