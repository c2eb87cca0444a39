import type { Level, Site, SpanKind } from './site.ts'

export type Status = 'started' | 'succeeded' | 'failed'

/** What an attribute can hold: JSON, made safe and bounded when it was recorded. */
export type AttributeValue =
  | string
  | number
  | boolean
  | null
  | readonly AttributeValue[]
  | { readonly [name: string]: AttributeValue }

export type Attributes = { readonly [name: string]: AttributeValue }

/** An error as it was recorded, once, in the innermost span that it left (or where it was logged). */
export interface ErrorRecord {
  readonly kind: 'error'
  /** `TypeError`, `ZodError` …; for thrown values that are no errors, what they are: `string`, `undefined`, `Object`. */
  readonly type: string
  readonly message: string
  /** The traceback as V8 writes it, first line included; absent for values that are no errors. */
  readonly stack?: string
  /** The error's own further properties (`code`, `path` …). */
  readonly attributes: Attributes
  /** `error.cause`, and its cause, as records. */
  readonly cause?: ErrorRecord
  /** `AggregateError#errors`. */
  readonly errors?: readonly ErrorRecord[]
  /** Parameters of the failing function by name, at the moment it failed, redacted and bounded. */
  readonly arguments?: Attributes
}

/** Stands for an error whose record is elsewhere in the same trace: in `exitError` of the span `spanId`. */
export interface ErrorReference {
  readonly kind: 'reference'
  readonly spanId: string
  readonly type: string
  readonly message: string
}

export interface Message {
  /** Nanoseconds since the Unix epoch. */
  readonly time: bigint
  readonly level: Level
  readonly text: string
  /** Name given to `getLogger`. */
  readonly logger: string
  readonly attributes: Attributes
  /** What `logger.exception` was given: handled, with its traceback. */
  readonly error?: ErrorRecord
}

/** One call, as a node of a tree. */
export interface Span {
  /** 16 hex digits: the W3C span id. */
  readonly id: string
  /** Absent for the root of a trace that nothing called. */
  readonly parentId?: string
  readonly name: string
  readonly kind: SpanKind
  readonly site?: Site
  /** Nanoseconds since the Unix epoch. */
  readonly startTime: bigint
  /** Nanoseconds since the Unix epoch; absent while the span runs. */
  readonly endTime?: bigint
  readonly status: Status
  readonly level: Level
  readonly attributes: Attributes
  readonly messages: readonly Message[]
  /** The error that left this span: its record where it was thrown, a reference in the spans that it crossed. */
  readonly exitError?: ErrorRecord | ErrorReference
  /** Errors that left a span below and that this one survived. */
  readonly handledErrors: readonly ErrorReference[]
  /**
   * Most often a missing `await`: it still runs although its root has ended, or it ended after the async function that
   * had called it and that did not fail.
   */
  readonly floating?: boolean
  /** Calls below that are left out because they took less than their minimum duration. */
  readonly dropped?: number
  /** This span stands for many calls of one site; its children for what was below them. */
  readonly calls?: CallStatistics
  /** It took far longer than calls of its site usually do. */
  readonly slow?: SlowMark
  /** Nanoseconds that its task waited in a queue before it began; the sum, of calls that share a node. */
  readonly queueDuration?: bigint
  /** Spans of other traces that have to do with it, without being its parent. */
  readonly links?: readonly SpanLink[]
  /** References of messages, made here by the sender or named here by the receiver. */
  readonly references?: readonly MessageReference[]
  /** In the order in which they began. */
  readonly children: readonly Span[]
}

/** Of calls that share one node. Durations in nanoseconds; percentiles within 5 %. */
export interface CallStatistics {
  readonly count: number
  /** Of them, those that failed and are not kept as nodes of their own. */
  readonly failed: number
  readonly total: bigint
  readonly min: bigint
  readonly max: bigint
  readonly p50: bigint
  readonly p99: bigint
  /** The longest that one of their tasks waited in a queue. */
  readonly queueMax?: bigint
}

/** Nanoseconds: what calls of the site took until then, so that a reader can say how much longer this one took. */
export interface SlowMark {
  readonly p50: bigint
  readonly p99: bigint
}

export interface SpanLink {
  /** The trace's ksuid. */
  readonly traceId: string
  readonly spanId: string
  readonly attributes?: Attributes
}

export interface MessageReference {
  /** Made by `logger.ref()`. */
  readonly id: string
  readonly role: 'source' | 'destination'
}

/** One trace, or a late addition to one. */
export interface SpanTree {
  /** A ksuid, 27 characters; its last 16 bytes are the W3C trace id (`w3cTraceId`). */
  readonly traceId: string
  readonly root: Span
  /** True when this trace was exported before and `root`, whose parent was in it, came afterwards. */
  readonly late?: boolean
  /** True when `root` was begun on behalf of a span, its parent, of another thread, process or service. */
  readonly remote?: boolean
}
