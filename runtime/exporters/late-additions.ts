import { type Span, type SpanTree, spansOf } from '../../model/index.ts'

/** Traces, and names of spans of each, that are remembered for what may come late. */
const MAX_TRACES = 100
const MAX_SPANS = 1000

/** Names of spans of traces that were exported while something in them still ran: what comes late belongs there. */
export class LateAdditions {
  readonly #traces = new Map<string, { root: string; names: Map<string, string> }>()

  /** To be called with every complete trace. */
  remember(tree: SpanTree): void {
    const names = new Map<string, string>()
    let running = false
    for (const { span } of spansOf(tree.root)) {
      running ||= span.endTime === undefined
      if (names.size < MAX_SPANS) names.set(span.id, span.name)
    }
    if (!running) return
    this.#traces.set(tree.traceId, { root: tree.root.name, names })
    const [oldest] = this.#traces.keys()
    if (this.#traces.size > MAX_TRACES && oldest !== undefined) this.#traces.delete(oldest)
  }

  /** `late, in charge of checkout`: where a late tree belongs, as far as that is known. */
  describe(tree: SpanTree): string {
    const { parentId }: Span = tree.root
    const trace = this.#traces.get(tree.traceId)
    if (!trace) return `late, in trace ${tree.traceId}`
    const parent = parentId === undefined ? undefined : trace.names.get(parentId)
    return parent === undefined || parent === trace.root
      ? `late, in ${trace.root}`
      : `late, in ${parent} of ${trace.root}`
  }
}
