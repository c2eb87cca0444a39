import type { Span, SpanTree } from '../model/index.ts'
import { type ActiveSpan, DROPPED, leftOut, SUCCEEDED } from './active-span.ts'
import type { ActiveTrace } from './active-trace.ts'
import { epochNanoseconds } from './clock.ts'
import { hasUsualTime } from './clock-digits.ts'
import { spanId } from './span-id.ts'
import { byStart, draftOf, isFloating, nodesOfCalls, traceOf } from './span-tree.ts'

/**
 * The spans of a complete trace as they were recorded, for encoders that can do without the tree: most spans are plain calls, of which all but ids
 * and times is known from their site.
 */
export class Recording {
  /** Parents first, in the order in which they began; nodes that stand for many calls are spans already. */
  readonly spans: (ActiveSpan | Span)[] = []
  /** How far each is below the root. */
  readonly depths: number[] = []
  readonly #trace: ActiveTrace
  /** Calls that were left out, by the span that they were below. */
  #dropped: Map<ActiveSpan, number> | undefined

  constructor(trace: ActiveTrace) {
    this.#trace = trace
  }

  /**
   * The span, if nothing can be said of it but what its site says, when it began, when it ended, and below which span; the root's is none.
   */
  plainAt(i: number): ActiveSpan | undefined {
    const span = this.spans[i] as ActiveSpan | Span
    if (isNode(span)) return undefined
    const { details, status, start, end, site } = span
    if (details !== null || status !== SUCCEEDED || end < start || start < 0) return undefined
    // Of spans begun by hand, sites can be as many as there are spans.
    if (site.line <= 0 || site.functionKind === 'manual' || this.#dropped?.has(span) || isFloating(span))
      return undefined
    return i > 0 || this.#isTop() ? span : undefined
  }

  /** The span by itself, without its children. */
  spanAt(i: number): Span {
    const span = this.spans[i] as ActiveSpan | Span
    if (isNode(span)) return span
    const draft = draftOf(span, i === 0 ? undefined : spanId(span.parent as ActiveSpan))
    if (isFloating(span)) draft.floating = true
    const dropped = this.#dropped?.get(span)
    if (dropped !== undefined) draft.dropped = (draft.dropped ?? 0) + dropped
    return draft
  }

  /** False where something can only be told from the tree as a whole: who handled an error. */
  read(): boolean {
    const spans: (ActiveSpan | Span)[] = [this.#trace.root]
    const depths = [0]
    for (let span = spans.pop(); span !== undefined; span = spans.pop()) {
      const depth = depths.pop() as number
      this.spans.push(span)
      this.depths.push(depth)
      const before = spans.length
      if (isNode(span)) spans.push(...span.children.toReversed())
      else if (span.end < 0 || span.details?.hasError) return false
      else this.#pushChildren(spans, span)
      for (let i = before; i < spans.length; i++) depths.push(depth + 1)
    }
    return true
  }

  /** The last first. */
  #pushChildren(spans: (ActiveSpan | Span)[], parent: ActiveSpan): void {
    const first = spans.length
    for (let child = parent.lastChild; child !== null; child = child.previous) {
      if (child.leftOut) this.#leave(child, parent)
      else spans.push(child)
    }
    if (parent.details?.crowd === undefined) return
    const nodes = nodesOfCalls(parent)
    if (nodes.length === 0) return
    const all = [...spans.splice(first).reverse(), ...nodes]
    const inOrder = all.map(span => ({ span, startTime: startOf(span) })).sort(byStart)
    for (const { span } of inOrder.reverse()) spans.push(span)
  }

  #isTop(): boolean {
    const { root, late, parentSerial, remoteParent } = this.#trace
    return root.parent === null && !late && parentSerial === 0 && remoteParent === undefined
  }

  #leave(child: ActiveSpan, parent: ActiveSpan): void {
    if (child.status !== DROPPED) return
    this.#dropped ??= new Map()
    this.#dropped.set(parent, (this.#dropped.get(parent) ?? 0) + leftOut(child))
  }
}

/** Not by its class: spans of another copy of the runtime may be in the same trace. */
function isNode(span: ActiveSpan | Span): span is Span {
  return 'children' in span
}

function startOf(span: ActiveSpan | Span): bigint {
  return isNode(span) ? span.startTime : epochNanoseconds(span.start)
}

/** Characters of a ksuid. */
const TRACE_ID = 27

/** What was recorded of a trace that is complete, and has a usual id; undefined where its tree has to be made. */
export function recordingOf(tree: SpanTree): Recording | undefined {
  const trace = traceOf(tree)
  if (trace === undefined || !trace.complete || trace.floating !== undefined || !hasUsualTime) return undefined
  if (tree.traceId.length !== TRACE_ID) return undefined
  const recording = new Recording(trace)
  return recording.read() ? recording : undefined
}
