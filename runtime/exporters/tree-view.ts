import type { ErrorRecord, ErrorReference, Span, SpanTree } from '../../model/index.ts'
import { spansOf } from '../../model/index.ts'
import type { Locator } from './locator.ts'
import { Eventful } from './sibling-groups.ts'
import { type SlowSpan, slowSpans } from './slow-spans.ts'

const MIN_WIDTH = 40

/** One snapshot of a tree with what its lines have to know of the rest of it, found out once and when needed. */
export class TreeView {
  readonly root: Span
  readonly width: number
  readonly locator: Locator
  readonly slow: ReadonlyMap<string, SlowSpan>
  readonly eventful: Eventful = new Eventful()
  #spans: Map<string, Span> | undefined
  #parents: Map<Span, Span> | undefined
  #handled: Set<string> | undefined
  #suspect: string | undefined | null = null

  /** `width`: columns that may be used; in fewer than 40 nothing could be read, so there the terminal has to wrap. */
  constructor(tree: SpanTree, width: number, locator: Locator) {
    this.root = tree.root
    this.width = Math.max(width, MIN_WIDTH)
    this.locator = locator
    this.slow = slowSpans(tree.root)
  }

  span(id: string): Span | undefined {
    this.#spans ??= new Map(Array.from(spansOf(this.root), ({ span }) => [span.id, span]))
    return this.#spans.get(id)
  }

  /** Ids of the spans from the root to `span`, both included. */
  path(span: Span): string[] {
    const ids: string[] = []
    for (let next: Span | undefined = span; next; next = this.#parent(next)) ids.unshift(next.id)
    return ids
  }

  #parent(span: Span): Span | undefined {
    if (span === this.root) return undefined
    this.#parents ??= parentsIn(this.root)
    return this.#parents.get(span)
  }

  /** The record that a reference stands for, where the span that has it is in this tree. */
  record(error: ErrorRecord | ErrorReference): ErrorRecord | undefined {
    if (error.kind === 'error') return error
    const origin = this.span(error.spanId)?.exitError
    return origin?.kind === 'error' ? origin : undefined
  }

  /** Whether this error, although it was handled, is the nearest there is to a reason why the root failed. */
  suspect(error: ErrorReference): boolean {
    if (this.#suspect === null) this.#suspect = suspectOf(this)
    return this.#suspect === error.spanId
  }

  /** Whether a span above survived the error that left `span`. */
  handled({ id, exitError }: Span): boolean {
    if (exitError === undefined) return false
    this.#handled ??= handledOrigins(this.root)
    return this.#handled.has(exitError.kind === 'error' ? id : exitError.spanId)
  }
}

/** The newest error of a root that failed of none that is known: of a status 500, which a framework made of an error. */
function suspectOf({ root }: TreeView): string | undefined {
  if (root.status !== 'failed' || root.exitError !== undefined) return undefined
  return [...handledOrigins(root)].at(-1)
}

/** Ids of the spans whose errors were survived somewhere in the tree. */
function handledOrigins(root: Span): Set<string> {
  const origins = new Set<string>()
  for (const { span } of spansOf(root)) for (const error of span.handledErrors) origins.add(error.spanId)
  return origins
}

function parentsIn(root: Span): Map<Span, Span> {
  const parents = new Map<Span, Span>()
  for (const { span } of spansOf(root)) for (const child of span.children) parents.set(child, span)
  return parents
}
