import type { Attributes, Level, Message, MessageReference, SpanKind, SpanLink } from '../model/index.ts'
import type { ActiveTrace } from './active-trace.ts'
import type { Kin } from './crowd.ts'
import type { RuntimeSite } from './site.ts'
import type { Task } from './task.ts'

/** Kept as numbers while spans are made; named in the model. */
export const STARTED = 0
export const SUCCEEDED = 1
export const FAILED = 2
/** Faster than its minimum duration: counted on its parent, and left out of the tree. */
export const DROPPED = 3
/** One of many calls of its site: counted in the one node that stands for them. */
export const FOLDED = 4
export type StatusCode = typeof STARTED | typeof SUCCEEDED | typeof FAILED | typeof DROPPED | typeof FOLDED

/**
 * What only few spans have: made at the first attribute, message or error, so that a plain span carries one
 * pointer for all of it.
 */
export class SpanDetails {
  attributes: Record<string, Attributes[string]> | undefined
  messages: Message[] | undefined
  /** What was thrown, by reference until the trace is exported: reading `stack` here would format it too early. */
  error: unknown
  hasError = false
  /** The number of the span that holds the record of `error`; this span's own where it was thrown. */
  origin = 0
  arguments: Attributes | undefined
  level: Level | undefined
  kind: SpanKind | undefined
  dropped = 0
  /** Children that were left out and still hang in the list. */
  stale = 0
  /** Where there are many children: those of each site. */
  crowd: Map<RuntimeSite, Kin> | undefined
  /** Somebody may know its id while it runs: another thread, a message, an exporter. */
  exposed = false
  links: SpanLink[] | undefined
  references: MessageReference[] | undefined
  /** Milliseconds that its task waited in a queue. */
  queued: number | undefined
  /** Milliseconds: the percentiles of its site when it turned out to be slow. */
  slow: { readonly p50: number; readonly p99: number } | undefined
  /** A generator that waits at a `yield`: unfinished, but nobody forgot to await it. */
  paused = false
}

/**
 * A span while its trace is being made. Children hang on the parent as a linked list, newest first: two writes a
 * span, no array. Everything that is not needed on the hot path is made from it later (`span-tree.ts`).
 */
export class ActiveSpan {
  site: RuntimeSite
  readonly parent: ActiveSpan | null
  trace: ActiveTrace
  task: Task
  /** Milliseconds of `now`. */
  start = 0.5
  /** Milliseconds of `now`; negative while the span runs. */
  end = -0.5
  status: StatusCode = STARTED
  /** Whether its end concerns its trace: it is the root, or something that outlives its caller (an async function). */
  bounds = false
  /** Number of the span id; 0 until somebody asks for the id. */
  serial = 0
  previous: ActiveSpan | null
  /** Children that it ever had. */
  width = 0
  lastChild: ActiveSpan | null = null
  details: SpanDetails | null = null

  constructor(site: RuntimeSite, parent: ActiveSpan | null, trace: ActiveTrace, task: Task) {
    this.site = site
    this.parent = parent
    this.trace = trace
    this.task = task
    if (parent === null) {
      this.previous = null
    } else {
      this.previous = parent.lastChild
      parent.lastChild = this
      parent.width++
    }
  }

  /** Whether it is not to be in the tree. */
  get leftOut(): boolean {
    return this.status >= DROPPED
  }
}

export function detailsOf(span: ActiveSpan): SpanDetails {
  return (span.details ??= new SpanDetails())
}

export function isRunning(span: ActiveSpan): boolean {
  return span.end < 0
}

/** Whether it is a function that hands its error on in a promise: who called it cannot have caught it by a `catch` block. */
export function rejects(span: ActiveSpan): boolean {
  return span.parent !== null && span.bounds && span.site.functionKind !== 'manual'
}

/** How many calls a dropped span stands for: itself, and those below it that were dropped before. */
export function leftOut({ details }: ActiveSpan): number {
  return 1 + (details === null ? 0 : details.dropped)
}
