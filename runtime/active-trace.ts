import { newTraceId, type SpanContext, type SpanTree } from '../model/index.ts'
import type { ActiveSpan } from './active-span.ts'
import { epochMilliseconds, now } from './clock.ts'
import type { Task } from './task.ts'

/** What a trace and its continuations have in common, and all that a tombstone keeps of it. */
export class TraceIdentity {
  /** Milliseconds of `now`; absent where nobody is likely to ask for an id. */
  private readonly start: number | undefined
  private made: string | undefined
  /** What other vendors wrote into the `tracestate` that came in. */
  readonly traceState: string | undefined
  /** Trees of other threads that belong into this trace and have come before it was exported. */
  joined: SpanTree[] | undefined
  /** Whether other threads may send such trees. */
  expected = false
  /** What the tail sampler decided; once for the trace and all that comes late. */
  kept: boolean | undefined

  /** `id`: of a trace that began elsewhere. */
  constructor(start?: number, id?: string, traceState?: string) {
    this.start = start
    this.made = id
    this.traceState = traceState
  }

  /** The ksuid; made when somebody asks, since 16 random bytes cost more than a span. */
  get id(): string {
    return (this.made ??= newTraceId(epochMilliseconds(this.start ?? now())))
  }
}

/**
 * A trace while it is being made: what has to be known of it as a whole. A trace that was exported and of which more
 * comes goes on in a further `ActiveTrace` of the same identity.
 */
export class ActiveTrace {
  readonly identity: TraceIdentity
  /** Whether an earlier part of this trace was exported. */
  readonly late: boolean
  root!: ActiveSpan
  /** Tasks that still run: the root's own, async functions, spans begun by hand. Synchronous spans need no count. */
  open = 0
  /** No more is added to it; what comes now belongs to a continuation. */
  complete = false
  /** The tasks of its spans, whose callbacks may still come when it is exported: a list by `earlier`. */
  lastTask: Task | undefined
  /** The number of the span that the root of a continuation is below; 0 where the root itself knows its parent. */
  parentSerial = 0
  /** The span that its root was begun on behalf of, in another thread, process or service. */
  remoteParent: SpanContext | undefined
  /** Its root ends when what it awaits has ended: it is no synchronous function. */
  asyncRoot = false
  /** False: nothing of it is kept, and what begins below it is no span. */
  sampled = true
  /** Spans that have ended and are in the tree. */
  spans = 0
  /** Calls that share a node with others. */
  collapsed = 0
  /** Spans that were left out because they were fast. */
  dropped = 0
  /** Whether an error left one of its spans. */
  failed = false
  /** Whether a span took far longer than calls of its site usually do. */
  slow = false
  /** Tasks in the list that need no burial any more. */
  staleTasks = 0
  /** Spans that still ran when the trace was completed, and go on in continuations. */
  floating: Set<ActiveSpan> | undefined
  /** Its place among the traces that are being made (`live-traces.ts`). */
  live = false
  before: ActiveTrace | undefined
  next: ActiveTrace | undefined
  /** Ends the wait for tasks that outlive the root. */
  deadline: ReturnType<typeof setTimeout> | undefined
  /** Errors thrown that are no objects, by value, with the spans that recorded them. */
  primitives: Map<unknown, ActiveSpan> | undefined

  constructor(identity: TraceIdentity, late: boolean) {
    this.identity = identity
    this.late = late
  }
}
