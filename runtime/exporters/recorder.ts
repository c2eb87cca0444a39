import { type Span, type SpanTree, sameTrace, spansOf } from '../../model/index.ts'
import type { Exporter } from './exporter.ts'

/** Traces that are kept unless told otherwise; beyond it the oldest go. */
const MAX_TRACES = 1000

/** Keeps traces, for tests to look at. */
export class Recorder implements Exporter {
  /** Traces that went because there were too many. */
  dropped = 0
  readonly #limit: number
  readonly #beforeReading: () => void
  #trees: SpanTree[] = []

  /** `beforeReading`: called before what was recorded is looked at or cleared, to bring in what is complete by then. */
  constructor(beforeReading: () => void = () => {}, options: { readonly limit?: number } = {}) {
    this.#beforeReading = beforeReading
    this.#limit = options.limit ?? MAX_TRACES
  }

  /** In the order in which they were completed; late additions are in the trees that they belong to. */
  get trees(): readonly SpanTree[] {
    this.#beforeReading()
    return this.#trees
  }

  export(tree: SpanTree): void {
    const known = tree.late ? this.#trees.findIndex(({ traceId }) => traceId === tree.traceId) : -1
    if (known >= 0) this.#trees = this.#trees.with(known, withAddition(this.#trees[known]!, tree.root))
    else this.#trees.push(tree)
    while (this.#trees.length > this.#limit) {
      this.#trees.shift()
      this.dropped++
    }
  }

  clear(): void {
    this.#beforeReading()
    this.#trees = []
    this.dropped = 0
  }

  /** The first span of that name. */
  find(name: string): Span | undefined {
    return this.findAll(name)[0]
  }

  findAll(name: string): Span[] {
    const spans = this.trees.flatMap(({ root }) => Array.from(spansOf(root), ({ span }) => span))
    return spans.filter(span => span.name === name)
  }

  /** The trace of that id: a ksuid, or the W3C id. Throws a `TypeError` for what is neither. */
  get(id: string): SpanTree | undefined {
    return this.trees.find(({ traceId }) => sameTrace(traceId, id))
  }
}

/** The tree with a span in it that came late: in place of its earlier state, or as a new child of its parent. */
function withAddition(tree: SpanTree, addition: Span): SpanTree {
  return { traceId: tree.traceId, root: insert(tree.root, addition) }
}

/** Copies the spans on the way to the root. Goes upwards, since trees can be deeper than the stack. */
function insert(root: Span, addition: Span): Span {
  const parents = new Map<string, Span>()
  let target: Span | undefined
  for (const { span } of spansOf(root)) {
    for (const child of span.children) parents.set(child.id, span)
    if (span.id === addition.id) target = span
    else if (span.id === addition.parentId) target ??= span
  }
  if (!target) return root
  let changed = target.id === addition.id ? addition : { ...target, children: [...target.children, addition] }
  for (let parent = parents.get(target.id); parent; parent = parents.get(parent.id)) {
    const copy: Span = changed
    changed = { ...parent, children: parent.children.map(child => (child.id === copy.id ? copy : child)) }
  }
  return changed
}
