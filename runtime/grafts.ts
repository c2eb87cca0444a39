import { type Span, type SpanTree, spansOf } from '../model/index.ts'
import { joinErrors } from './crossed-errors.ts'

/**
 * Puts trees of other threads where they belong in a tree that was just made, which nobody else has seen yet. Returns those whose
 * parent is not in it.
 */
export function graft(tree: SpanTree, others: readonly SpanTree[]): SpanTree[] {
  const ids = new Map<string, Span>()
  index(tree.root, ids)
  const grafted: Span[] = []
  let left = [...others]
  // A tree can be below another one of them: as long as one finds its place, others may.
  for (let before = left.length + 1; left.length < before; ) {
    before = left.length
    left = left.filter(({ root }) => {
      const parent = root.parentId === undefined ? undefined : ids.get(root.parentId)
      if (parent === undefined) return true
      insert(parent, root)
      index(root, ids)
      grafted.push(root)
      return false
    })
  }
  joinErrors(ids, grafted)
  return left
}

function index(root: Span, ids: Map<string, Span>): void {
  for (const { span } of spansOf(root)) ids.set(span.id, span)
}

/** Children are in the order in which they began. One that was running when it came first is replaced. */
function insert(parent: Span, child: Span): void {
  // A copy: spans without children share an empty list.
  const children = [...parent.children]
  const known = children.findIndex(({ id }) => id === child.id)
  if (known >= 0) children.splice(known, 1)
  let at = children.length
  while (at > 0 && (children[at - 1] as Span).startTime > child.startTime) at--
  children.splice(at, 0, child)
  ;(parent as { children: readonly Span[] }).children = children
}
