import type { AttributeValue } from '../model/index.ts'

/**
 * What OTLP says (https://github.com/open-telemetry/opentelemetry-proto, 1.11), as far as traces and logs go, apart from how
 * it is written: both codecs read and write these. Ids are lower-case hex, times nanoseconds since the Unix epoch.
 */

/** `bigint`: a 64-bit integer, written only. What is read is JSON: larger integers, and numbers that are none, as their text, bytes in base 64. */
export type WireValue = AttributeValue | bigint | readonly WireValue[] | { readonly [name: string]: WireValue }

export type WireAttributes = { readonly [name: string]: WireValue }

export interface WireEvent {
  readonly time: bigint
  readonly name: string
  readonly attributes: WireAttributes
}

export interface WireLink {
  /** 32 hex digits. */
  readonly traceId: string
  readonly spanId: string
  readonly traceState?: string
  readonly attributes: WireAttributes
  readonly flags?: number
}

export interface WireSpan {
  /** 32 hex digits; as it came where it is no such id. */
  readonly traceId: string
  /** 16 hex digits; as it came where it is no such id. */
  readonly spanId: string
  readonly parentSpanId?: string
  readonly traceState?: string
  /** The W3C's flags in the lowest byte; 0x100: it is known whether the parent is remote, 0x200: it is. */
  readonly flags?: number
  readonly name: string
  /** 0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  readonly kind: number
  readonly startTime: bigint
  readonly endTime: bigint
  readonly attributes: WireAttributes
  readonly events: readonly WireEvent[]
  readonly links: readonly WireLink[]
  /** 0 unset, 1 ok, 2 error. */
  readonly status: { readonly code: number; readonly message?: string }
}

export interface WireLog {
  readonly time: bigint
  readonly observedTime: bigint
  /** 1 to 24; 0 unspecified. */
  readonly severity: number
  readonly severityText: string
  readonly eventName?: string
  readonly body: WireValue
  readonly attributes: WireAttributes
  readonly traceId?: string
  readonly spanId?: string
  readonly flags?: number
}

export interface Scope {
  readonly name: string
  readonly version?: string
  readonly attributes?: WireAttributes
}

/** Records of one source: of one scope of one resource. */
export interface Group<R> {
  readonly resource: WireAttributes
  readonly scope: Scope
  readonly schemaUrl?: string
  readonly records: readonly R[]
}

/** What a request carries. */
export type Signal = 'traces' | 'logs'
export type RecordOf<S extends Signal> = S extends 'traces' ? WireSpan : WireLog

/** What the other side did not take of a request that it accepted. */
export interface PartialSuccess {
  readonly rejected: number
  readonly message: string
}

/** A request that is no OTLP: to be answered with 400. */
export class OtlpError extends Error {
  override readonly name = 'OtlpError'
}

/** Values in values: beyond it a request is refused. Other decoders end at 100 messages, three a level. */
export const MAX_DEPTH = 32

export function checkDepth(depth: number): void {
  if (depth > MAX_DEPTH) throw new OtlpError(`a value is nested deeper than ${MAX_DEPTH} levels`)
}
