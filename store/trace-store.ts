import type { SpanTree } from '../model/index.ts'
import type { LatencyChange } from './baseline.ts'
import type { GroupedBy } from './grouping.ts'
import type { TimePart } from './self-time.ts'
import type { SpanBatch } from './span-record.ts'
import type { TraceStatus } from './trace-status.ts'
import type { GroupState, Handling, Marks } from './triage.ts'

export type { TimePart }

/**
 * Keeps traces, and answers what people ask about them. Times are nanoseconds since the Unix epoch where they are bigints, milliseconds
 * since then where they are numbers. What is asked of one namespace never shows anything of another. All methods
 * reject with a `StoreError`.
 */
export interface TraceStore extends Traces, ErrorGroups, Latencies, Access, Upkeep {
  close(): Promise<void>
}

export interface Traces {
  /**
   * Kept, or refused span by span, when it resolves. Of several copies of a span the one with the greatest `rev` stays, whatever the
   * order they come in; what is counted is counted once. Ksuids with the same 16 bytes behind their time are one trace, under
   * the one that came first.
   */
  write(batch: SpanBatch): Promise<WriteResult>
  /** `id`: a ksuid, 32 hex digits, or the beginning of either. */
  trace(namespace: string, id: string): Promise<TraceLookup>
  /** The newest first. */
  traces(namespace: string, query?: TraceQuery): Promise<readonly TraceSummary[]>
  dashboard(namespace: string, filter?: TraceFilter): Promise<readonly DashboardRow[]>
  /** Spans that made or named a message's reference, those that made it first. */
  references(namespace: string, id: string): Promise<readonly ReferenceUse[]>
  namespaces(): Promise<readonly NamespaceSummary[]>
  health(namespace: string, period: Period): Promise<HealthFigures>
}

export interface ErrorGroups {
  /** The last seen first; merged ones are in what they were merged into. */
  errorGroups(namespace: string, query?: ErrorGroupQuery): Promise<readonly ErrorGroup[]>
  errorGroup(namespace: string, id: number): Promise<ErrorGroup | undefined>
  /** Holds for what arrives from then on. */
  annotate(namespace: string, id: number, annotation: Annotation): Promise<ErrorGroup>
  /** Takes back the last annotation of the group that has not been taken back. */
  undo(namespace: string, id: number): Promise<ErrorGroup>
  /** `id` goes into `into`; what comes to it later, too. */
  merge(namespace: string, id: number, into: number): Promise<ErrorGroup>
  unmerge(namespace: string, id: number): Promise<ErrorGroup>
}

export interface Latencies {
  /** Those that took most time in sum first. */
  functions(namespace: string, query?: FunctionQuery): Promise<readonly FunctionLatency[]>
  slowSpans(
    namespace: string,
    query?: { readonly since?: bigint; readonly limit?: number },
  ): Promise<readonly SlowSpan[]>
  /** Functions that take longer in `version` than they did in all others, the worst first. */
  regressions(namespace: string, version: string): Promise<readonly Regression[]>
}

export interface Access {
  /** The key is shown this once; only its hash is kept. */
  createKey(namespace: string, label: string): Promise<{ readonly id: string; readonly key: string }>
  keys(namespace?: string): Promise<readonly ApiKey[]>
  revokeKey(id: string): Promise<void>
  /** The namespace that a key opens; undefined where it is none, or revoked. */
  namespaceOfKey(key: string): Promise<string | undefined>
  /** A user looks at a namespace. */
  visit(user: string, namespace: string): Promise<void>
  user(name: string): Promise<User | undefined>
}

export interface Upkeep {
  /**
   * Does a slice of what is done behind writing: text is made findable, what is beyond the limits is deleted, and its room on the disk
   * freed. Resolves to whether there is more to do.
   */
  maintain(limits?: RetentionLimits): Promise<boolean>
  stats(): Promise<StoreStats>
}

export interface WriteResult {
  readonly accepted: number
  /** By their index in the batch. */
  readonly refused: readonly { readonly index: number; readonly reason: string }[]
}

export type TraceLookup =
  | { readonly kind: 'found'; readonly summary: TraceSummary; readonly trees: readonly SpanTree[] }
  /** The beginning of several ids, of which these are some. */
  | { readonly kind: 'ambiguous'; readonly traceIds: readonly string[] }
  | { readonly kind: 'none' }

export type Speed = 'slow' | 'fast'

export interface TraceFilter {
  /** All of them, with these values, in the process that the trace's root is of. */
  readonly tags?: Readonly<Record<string, string>>
  readonly statuses?: readonly TraceStatus[]
  readonly speed?: Speed
  /** By the start of the root: from `since`, until before `until`. */
  readonly since?: bigint
  readonly until?: bigint
}

export interface TraceQuery extends TraceFilter {
  /** Of the root. */
  readonly name?: string
  /** Words that all occur in the trace, phrases in double quotes; small and capital letters are one. */
  readonly text?: string
  /** 50 unless told. */
  readonly limit?: number
}

export interface TraceSummary {
  readonly traceId: string
  /** Of the root. */
  readonly name: string
  readonly status: TraceStatus
  /** Whether a span of it took far longer than its function usually does. */
  readonly slow: boolean
  readonly start: bigint
  /** Nanoseconds that the root took; absent while it runs. */
  readonly duration?: bigint
  readonly spans: number
  readonly errors: number
  readonly tags: Readonly<Record<string, string>>
}

/** Traces whose roots have one name and one status. */
export interface DashboardRow {
  readonly name: string
  readonly status: TraceStatus
  readonly count: number
  /** Start of the last one. */
  readonly last: bigint
}

export interface ReferenceUse {
  readonly role: 'source' | 'destination'
  readonly traceId: string
  readonly spanId: string
}

export interface NamespaceSummary {
  readonly name: string
  /** Milliseconds. */
  readonly created: number
  readonly traces: number
  /** Start of the last trace. */
  readonly last?: bigint
  readonly apps: readonly { readonly app: string; readonly versions: readonly string[] }[]
}

export interface Period {
  readonly since: bigint
  readonly until: bigint
}

export interface HealthFigures {
  /** Traces by status, in the period and in as long a time before it. */
  readonly now: Readonly<Partial<Record<TraceStatus, number>>>
  readonly before: Readonly<Partial<Record<TraceStatus, number>>>
  readonly newErrors: readonly ErrorGroup[]
  readonly recurringErrors: readonly ErrorGroup[]
  /** Names that began traces before the period, and none in it. */
  readonly stopped: readonly { readonly name: string; readonly last: bigint }[]
  /** Of the versions seen in the period. */
  readonly regressions: readonly Regression[]
  /** What each sender said of itself last. */
  readonly senders: readonly {
    readonly tags: Readonly<Record<string, string>>
    readonly run?: number
    readonly last: number
    readonly health: object
  }[]
}

export interface ErrorGroup {
  readonly id: number
  readonly type: string
  /** Of the last occurrence. */
  readonly message: string
  readonly siteId?: string
  readonly groupedBy: GroupedBy
  /** Why its errors are in one group, for people. */
  readonly because: string
  readonly state: GroupState
  readonly handling: Handling
  readonly marks: Marks
  readonly note?: string
  /** Of an error in one span it counts one. */
  readonly count: number
  /** Milliseconds. */
  readonly first: number
  readonly last: number
  readonly firstVersion?: string
  readonly lastVersion?: string
  readonly lastTraceId?: string
  /** Groups that were merged into this one. */
  readonly merged: readonly number[]
}

export interface ErrorGroupQuery {
  readonly states?: readonly GroupState[]
  /** Seen since then, in milliseconds. */
  readonly since?: number
  /** Also those marked `silenced`. */
  readonly silenced?: boolean
  /** 50 unless told. */
  readonly limit?: number
}

export interface Annotation {
  /** In place of those there are. */
  readonly marks?: Marks
  /** Empty: none. */
  readonly note?: string
  readonly handling?: HandlingChange
  /** Who says so. */
  readonly by?: string
}

/** What to do with a group; the rest of a `Handling` is known by then. */
export type HandlingChange =
  | { readonly kind: 'unresolved' }
  | { readonly kind: 'resolved'; readonly version?: string }
  | {
      readonly kind: 'archived'
      readonly until: 'forever' | 'escalating' | { readonly more: number } | { readonly at: number }
    }

export interface FunctionQuery {
  readonly version?: string
  readonly since?: bigint
  readonly until?: bigint
  readonly limit?: number
}

/** Durations in nanoseconds; quantiles within 1 %. */
export interface FunctionLatency {
  /** Of its site; its name where it has none. */
  readonly id: string
  readonly name: string
  readonly version: string
  readonly count: number
  readonly total: number
  readonly p50: number
  readonly p99: number
  readonly slowest: { readonly duration: number; readonly traceId?: string; readonly spanId: string }
}

export interface SlowSpan {
  readonly traceId: string
  readonly spanId: string
  readonly name: string
  readonly start: bigint
  readonly duration: bigint
  /** What its function took usually until then. */
  readonly p50: bigint
  readonly p99: bigint
}

export interface Regression extends LatencyChange {
  readonly id: string
  readonly name: string
  readonly version: string
  /** What takes the time that is new, the most of it first; absent where the calls that are kept do not show it. */
  readonly growth?: readonly TimePart[]
  /** The slowest calls of the two sides, where they are kept. */
  readonly example?: { readonly traceId: string; readonly spanId: string }
  readonly exampleBefore?: { readonly traceId: string; readonly spanId: string }
}

export interface ApiKey {
  readonly id: string
  readonly namespace: string
  readonly label: string
  /** Milliseconds. */
  readonly created: number
  readonly revoked?: number
}

export interface User {
  readonly name: string
  readonly lastNamespace: string
  /** Milliseconds. */
  readonly lastAccess: number
}

export interface RetentionLimits {
  /** Milliseconds that a trace is kept since its first span arrived. */
  readonly maxAge?: number
  /** Bytes that the store takes on the disk. */
  readonly maxBytes?: number
}

export interface StoreStats {
  /** On the disk, what is not used any more included. */
  readonly bytes: number
  readonly unusedBytes: number
  readonly traces: number
  readonly namespaces: number
  /** Traces whose text is not in the index yet; they are found all the same, by reading them. */
  readonly pendingText: number
}
