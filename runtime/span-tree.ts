import type { Span, SpanTree, Status } from '../model/index.ts'
import {
  type ActiveSpan,
  DROPPED,
  detailsOf,
  FAILED,
  isRunning,
  leftOut,
  rejects,
  type SpanDetails,
  SUCCEEDED,
} from './active-span.ts'
import type { ActiveTrace } from './active-trace.ts'
import type { Calls } from './calls.ts'
import { epochNanoseconds, nanoseconds } from './clock.ts'
import { errorRecord, errorReference, leadsTo } from './error-record.ts'
import { idOfSerial, nextSerial, spanId } from './span-id.ts'

type Mutable<T> = { -readonly [K in keyof T]: T[K] }
type Draft = Omit<Mutable<Span>, 'children'> & { children: Span[] }

const STATUS: readonly Status[] = ['started', 'succeeded', 'failed']
// Most spans have nothing of these: made once, a tree takes half the memory. Frozen, since they are in all trees.
const NONE: Span['attributes'] = Object.freeze({})
const NO_MESSAGES: Span['messages'] = Object.freeze([])
const NO_ERRORS: Span['handledErrors'] = Object.freeze([])
const NO_CHILDREN = Object.freeze([]) as unknown as Span[]

/** The tree of a trace as it stands. */
export function buildTree(trace: ActiveTrace): SpanTree {
  const tree: Mutable<SpanTree> = { traceId: trace.identity.id, root: buildRoot(trace) }
  if (trace.late) tree.late = true
  if (trace.remoteParent !== undefined) tree.remote = true
  return tree
}

/**
 * The tree of a completed trace, made when somebody looks at it: an exporter that counts, samples or batches need not
 * pay for names, ids and dates. Where spans still run it is made at once, since they would change.
 */
export function lazyTree(trace: ActiveTrace): SpanTree {
  return trace.floating === undefined ? new LazyTree(trace) : buildTree(trace)
}

/** The tree of a trace that still runs, made when somebody looks at it at once: it goes on. */
export function growingTree(trace: ActiveTrace): SpanTree {
  return new LazyTree(trace)
}

/**
 * A class, not a literal with getters: V8 keeps the getters of a literal in the object's map, which lives in old space, so that every trace would stay until
 * the next full collection.
 */
class LazyTree implements SpanTree {
  declare readonly late?: true
  declare readonly remote?: true
  readonly #trace: ActiveTrace
  #root: Span | undefined

  constructor(trace: ActiveTrace) {
    this.#trace = trace
    if (trace.late) this.late = true
    if (trace.remoteParent !== undefined) this.remote = true
  }

  /** What `tree` is made of, where it is such a tree. */
  static traceOf(tree: SpanTree): ActiveTrace | undefined {
    return #trace in tree ? tree.#trace : undefined
  }

  get traceId(): string {
    return this.#trace.identity.id
  }

  get root(): Span {
    return (this.#root ??= buildRoot(this.#trace))
  }
}

/** The trace behind a tree that is made when somebody looks. */
export function traceOf(tree: SpanTree): ActiveTrace | undefined {
  return LazyTree.traceOf(tree)
}

function buildRoot(trace: ActiveTrace): Span {
  const { root, floating } = trace
  const built = new Built()
  // Two lists in place of pairs: spans that are still to come, and the drafts that they go into.
  const spans = [root]
  const parents: (Draft | undefined)[] = [undefined]
  for (let span = spans.pop(); span !== undefined; span = spans.pop()) {
    const parent = parents.pop()
    const draft = draftOf(span, parent?.id)
    if (parent !== undefined) {
      if (parent.children === NO_CHILDREN) parent.children = [draft]
      else parent.children.push(draft)
      if (isFloating(span, floating)) draft.floating = true
    }
    built.add(span, draft)
    for (let child = span.lastChild; child !== null; child = child.previous) {
      if (child.leftOut) {
        if (child.status === DROPPED) draft.dropped = (draft.dropped ?? 0) + leftOut(child)
      } else {
        spans.push(child)
        parents.push(draft)
      }
    }
  }
  return built.finish()
}

/** Whether nobody waits for it: it runs although its root has ended, or it ended after the async function that had called it. */
export function isFloating(span: ActiveSpan, running?: ActiveTrace['floating']): boolean {
  if (isRunning(span)) return running?.has(span) === true && !span.details?.paused
  const { parent } = span
  return parent !== null && rejects(span) && awaits(parent) && parent.status === SUCCEEDED && endedBefore(parent, span)
}

/** Whether it is an async function, which could have waited. */
function awaits(span: ActiveSpan): boolean {
  return rejects(span) || (span.trace.asyncRoot && span === span.trace.root && span.site.functionKind !== 'manual')
}

function endedBefore(one: ActiveSpan, other: ActiveSpan): boolean {
  return !isRunning(one) && one.end < other.end
}

/** Spans with their drafts, the root first. */
class Built {
  readonly #spans: ActiveSpan[] = []
  readonly #drafts: Draft[] = []
  #failed = false
  #crowded = false

  add(span: ActiveSpan, draft: Draft): void {
    this.#spans.push(span)
    this.#drafts.push(draft)
    if (span.details === null) return
    if (span.details.hasError) this.#failed = true
    if (span.details.crowd !== undefined) this.#crowded = true
  }

  /** What needs the drafts of all. */
  finish(): Draft {
    if (this.#crowded) for (const [i, span] of this.#spans.entries()) addCrowd(span, this.#drafts[i] as Draft)
    if (this.#failed) this.#markHandled()
    return this.#drafts[0] as Draft
  }

  #markHandled(): void {
    const drafts = new Map(this.#spans.map((span, i) => [span, this.#drafts[i] as Draft]))
    for (const span of this.#spans) if (span.details?.hasError) markHandled(span, drafts)
  }
}

/** What is known of a span by itself: without its children, what was left out among them and the errors that it handled. `parentId`: absent for the root. */
export function draftOf(span: ActiveSpan, parentId: string | undefined): Draft {
  const { details } = span
  if (details === null && parentId !== undefined && span.end >= 0 && span.site.line > 0)
    return plainDraft(span, parentId)
  const draft = generalDraft(span, parentId)
  if (isRunning(span)) detailsOf(span).exposed = true
  if (details === null) return draft
  addDetails(draft, details)
  if (details.hasError) {
    draft.exitError =
      details.origin === span.serial
        ? errorRecord(details.error, details.arguments)
        : errorReference(details.error, details.origin)
  }
  return draft
}

/** What most spans are: an ended call of a function, of which there is nothing else to say. One literal: the engine makes it in one go. */
function plainDraft(span: ActiveSpan, parentId: string): Draft {
  const { site } = span
  const { options } = site
  return {
    id: spanId(span),
    name: site.name,
    kind: options.kind ?? 'internal',
    startTime: epochNanoseconds(span.start),
    status: STATUS[span.status] as Status,
    level: options.level ?? 'info',
    attributes: NONE,
    messages: NO_MESSAGES,
    handledErrors: NO_ERRORS,
    children: NO_CHILDREN,
    endTime: epochNanoseconds(span.end),
    site,
    parentId,
  }
}

/** What a span that still runs has so far is copied: more of it comes. */
function generalDraft(span: ActiveSpan, parentId: string | undefined): Draft {
  const { site, details } = span
  const running = isRunning(span)
  const draft: Draft = {
    id: spanId(span),
    name: site.name,
    kind: details?.kind ?? site.options.kind ?? 'internal',
    startTime: epochNanoseconds(span.start),
    status: STATUS[span.status] as Status,
    level: details?.level ?? site.options.level ?? 'info',
    attributes: (running ? { ...details?.attributes } : details?.attributes) ?? NONE,
    messages: running ? [...(details?.messages ?? [])] : (details?.messages ?? NO_MESSAGES),
    handledErrors: NO_ERRORS,
    children: NO_CHILDREN,
  }
  if (!running) draft.endTime = epochNanoseconds(span.end)
  if (site.line > 0) draft.site = site
  if (parentId !== undefined) draft.parentId = parentId
  else if (span.parent !== null) draft.parentId = spanId(span.parent)
  else addParent(draft, span.trace)
  return draft
}

function addDetails(draft: Draft, { dropped, queued, slow, links, references }: SpanDetails): void {
  if (dropped > 0) draft.dropped = dropped
  if (queued !== undefined) draft.queueDuration = nanoseconds(queued)
  if (slow !== undefined) draft.slow = { p50: nanoseconds(slow.p50), p99: nanoseconds(slow.p99) }
  if (links !== undefined) draft.links = [...links]
  if (references !== undefined) draft.references = [...references]
}

/** Of a root whose parent is in an earlier part of the trace, or elsewhere. */
function addParent(draft: Draft, { parentSerial, remoteParent }: ActiveTrace): void {
  if (parentSerial > 0) draft.parentId = idOfSerial(parentSerial)
  else if (remoteParent !== undefined) draft.parentId = remoteParent.spanId
}

/** The nodes that stand for many calls, among the children. */
function addCrowd(span: ActiveSpan, draft: Draft): void {
  const nodes = nodesOfCalls(span)
  if (nodes.length > 0) draft.children = [...draft.children, ...nodes].sort(byStart)
}

/** The nodes below the span that stand for many calls each. */
export function nodesOfCalls(span: ActiveSpan): Span[] {
  const crowd = span.details?.crowd
  if (crowd === undefined) return []
  const nodes: Span[] = []
  for (const { calls } of crowd.values()) if (calls !== undefined) nodes.push(spanOfCalls(calls, spanId(span)))
  return nodes
}

/** The node that stands for many calls, with those below it. As deep as the program's calls; what was deeper is not that often. */
function spanOfCalls(calls: Calls, parentId: string): Span {
  const { site, start, end, dropped, queued } = calls
  calls.serial ||= nextSerial()
  const id = idOfSerial(calls.serial)
  return {
    id,
    parentId,
    name: site.name,
    kind: site.options.kind ?? 'internal',
    ...(site.line > 0 && { site }),
    startTime: epochNanoseconds(start),
    endTime: epochNanoseconds(end),
    status: 'succeeded',
    level: site.options.level ?? 'info',
    attributes: NONE,
    messages: NO_MESSAGES,
    handledErrors: NO_ERRORS,
    ...(dropped > 0 && { dropped }),
    ...(queued > 0 && { queueDuration: nanoseconds(queued) }),
    calls: calls.statistics(),
    children: [...(calls.below?.values() ?? [])].map(below => spanOfCalls(below, id)).sort(byStart),
  }
}

/** In the order in which they began. */
export function byStart(a: Pick<Span, 'startTime'>, b: Pick<Span, 'startTime'>): number {
  return a.startTime < b.startTime ? -1 : a.startTime > b.startTime ? 1 : 0
}

/**
 * Finds who survived the error that left `span`: the nearest span above that was still there when it came and did not
 * fail of it. Those that had ended before (a synchronous function that returned the promise) never saw it, and neither did
 * a synchronous function that an async one failed in before its first `await`: it got a promise. A span that
 * failed with another error handled this one, unless its own error names this one as the cause. And a span begun by hand
 * that merely ended as the error came by (`using`) handled nothing of what the function around it failed of.
 */
function markHandled(span: ActiveSpan, drafts: ReadonlyMap<ActiveSpan, Draft>): void {
  const error = span.details?.error
  for (let above = span.parent; above !== null; above = above.parent) {
    if (endedBefore(above, span)) continue
    if (rejects(span) && !above.bounds) continue
    if (failedOf(above, error)) return
    if (above.site.functionKind === 'manual' && failedOf(above.parent, error)) continue
    const draft = drafts.get(above)
    if (isRunning(above) || draft === undefined) return
    const reference = errorReference(error, span.details?.origin ?? span.serial)
    if (!draft.handledErrors.some(known => known.spanId === reference.spanId))
      draft.handledErrors = [...draft.handledErrors, reference]
    return
  }
}

function failedOf(span: ActiveSpan | null, error: unknown): boolean {
  return span !== null && span.status === FAILED && leadsTo(span.details?.error, error)
}
