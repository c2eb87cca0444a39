import { type Span, type SpanTree, spansOf } from '../../model/index.ts'

/** Spans that are kept until they end; of more than these the oldest are sent as they are. */
const MAX = 10_000

/**
 * Spans that still ran when their trace was exported. OTLP cannot replace a span that was sent, so they are kept until they come again, ended, or
 * the process ends.
 */
export class RunningSpans {
  readonly #kept = new Map<string, SpanTree>()
  /** How many of each trace. */
  readonly #traces = new Map<string, number>()

  /** Whether spans of that trace are kept. */
  has(traceId: string): boolean {
    return this.#traces.has(traceId)
  }

  /** Keeps what runs in the tree, and lets go of what it shows ended. Returns what there is no room for, each as a tree of its own. */
  update(tree: SpanTree): SpanTree[] {
    for (const { span } of spansOf(tree.root)) {
      const key = `${tree.traceId}-${span.id}`
      if (span.endTime !== undefined) this.#letGo(key, tree.traceId)
      else this.#keep(key, alone(tree, span))
    }
    const over: SpanTree[] = []
    for (const [key, kept] of this.#kept) {
      if (this.#kept.size <= MAX) break
      this.#letGo(key, kept.traceId)
      over.push(kept)
    }
    return over
  }

  takeAll(): SpanTree[] {
    const all = [...this.#kept.values()]
    this.#kept.clear()
    this.#traces.clear()
    return all
  }

  #keep(key: string, tree: SpanTree): void {
    if (!this.#kept.has(key)) this.#traces.set(tree.traceId, (this.#traces.get(tree.traceId) ?? 0) + 1)
    this.#kept.set(key, tree)
  }

  #letGo(key: string, traceId: string): void {
    if (!this.#kept.delete(key)) return
    const left = (this.#traces.get(traceId) ?? 0) - 1
    if (left > 0) this.#traces.set(traceId, left)
    else this.#traces.delete(traceId)
  }
}

/** Without its children, which are sent by themselves. */
function alone({ traceId, root, late, remote }: SpanTree, span: Span): SpanTree {
  const only = { ...span, children: [] }
  return span === root
    ? { traceId, root: only, ...(late && { late }), ...(remote && { remote }) }
    : { traceId, root: only }
}
