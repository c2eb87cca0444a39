import type { Span, SpanTree } from '../model/index.ts'
import { type ActiveSpan, DROPPED, leftOut, SUCCEEDED } from './active-span.ts'
import type { ActiveTrace } from './active-trace.ts'
import { hasUsualTime } from './clock-digits.ts'
import { spanId } from './span-id.ts'
import { draftOf, traceOf } from './span-tree.ts'

/**
 * The spans of a complete trace as they were recorded, for encoders that can do without the tree: most spans are plain calls, of which all but ids
 * and times is known from their site.
 */
export class Recording {
  /** Parents first, in the order in which they began. */
  readonly spans: ActiveSpan[] = []
  /** How far each is below the root. */
  readonly depths: number[] = []
  readonly #trace: ActiveTrace
  /** Calls that were left out, by the span that they were below. */
  #dropped: Map<ActiveSpan, number> | undefined

  constructor(trace: ActiveTrace) {
    this.#trace = trace
  }

  /**
   * Whether nothing can be said of the span but what its site says, when it began, when it ended, and below which span; none for the root, else the one that it was
   * called from.
   */
  isPlain(i: number): boolean {
    const span = this.spans[i] as ActiveSpan
    const { details, status, start, end, site } = span
    if (details !== null || status !== SUCCEEDED || end < start || start < 0) return false
    // Of spans begun by hand, sites can be as many as there are spans.
    if (site.line <= 0 || site.functionKind === 'manual' || this.#dropped?.has(span)) return false
    return i > 0 || this.#isTop()
  }

  /** The span by itself, without its children. */
  spanAt(i: number): Span {
    const span = this.spans[i] as ActiveSpan
    const draft = draftOf(span, i === 0 ? undefined : spanId(span.parent as ActiveSpan))
    const dropped = this.#dropped?.get(span)
    if (dropped !== undefined) draft.dropped = (draft.dropped ?? 0) + dropped
    return draft
  }

  /** False where something can only be told from the tree as a whole: who handled an error, and nodes that stand for many calls. */
  read(): boolean {
    const spans = [this.#trace.root]
    const depths = [0]
    for (let span = spans.pop(); span !== undefined; span = spans.pop()) {
      const depth = depths.pop() as number
      if (span.end < 0 || needsTree(span)) return false
      this.spans.push(span)
      this.depths.push(depth)
      for (let child = span.lastChild; child !== null; child = child.previous) {
        if (child.leftOut) this.#leave(child, span)
        else {
          spans.push(child)
          depths.push(depth + 1)
        }
      }
    }
    return true
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

function needsTree({ details }: ActiveSpan): boolean {
  if (details === null) return false
  if (details.hasError) return true
  if (details.crowd !== undefined) for (const { calls } of details.crowd.values()) if (calls !== undefined) return true
  return false
}
