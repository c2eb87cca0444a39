import { traceIdOf, w3cTraceId } from './trace-id.ts'

/** A span as other threads, processes and messages name it: what is written into a `traceparent`. */
export interface SpanContext {
  /** The trace's ksuid. */
  readonly traceId: string
  /** 16 hex digits. */
  readonly spanId: string
  /** Whether the trace is recorded; where it is not, what goes on from it is not recorded either. */
  readonly sampled: boolean
  /** What other vendors wrote into the W3C `tracestate`, to be passed on. */
  readonly traceState?: string
}

/** Headers, or variables of an environment, that carry a span context. */
export interface TraceHeaders {
  readonly traceparent: string
  readonly tracestate: string
}

/** Our entry in `tracestate`: the ksuid, whose four bytes of time `traceparent` has no room for. */
const VENDOR = 'span-tree'
/** https://www.w3.org/TR/trace-context/: entries that a `tracestate` may have, and characters. */
const MAX_ENTRIES = 32
const MAX_STATE = 512

// A later version may append fields; of version 00 there are four.
const TRACEPARENT = /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/

/** The headers of W3C Trace Context, level 2. */
export function traceHeaders({ traceId, spanId, sampled, traceState }: SpanContext): TraceHeaders {
  const others = entriesOf(traceState ?? '').slice(0, MAX_ENTRIES - 1)
  return {
    traceparent: `00-${w3cTraceId(traceId)}-${spanId}-${sampled ? '01' : '00'}`,
    tracestate: withinLimit([`${VENDOR}=${traceId}`, ...others]),
  }
}

/**
 * The span context of such headers; undefined where `traceparent` is not one. The ksuid comes from `tracestate`, else it is made with
 * `receivedAt` (milliseconds since the Unix epoch) as its time.
 */
export function spanContextOf(
  traceparent: string,
  tracestate: string | undefined,
  receivedAt: number,
): SpanContext | undefined {
  const match = TRACEPARENT.exec(traceparent.trim())
  if (match === null || (match[1] === '00' && match[5] !== undefined)) return undefined
  const [, , w3c = '', spanId = '', flags = '00'] = match
  const entries = entriesOf(tracestate ?? '')
  const others = entries.filter(entry => !entry.startsWith(`${VENDOR}=`))
  return {
    traceId: ksuidIn(entries, w3c) ?? traceIdOf(w3c, receivedAt),
    spanId,
    sampled: (Number.parseInt(flags, 16) & 1) === 1,
    ...(others.length > 0 && { traceState: others.join(',') }),
  }
}

/** Only one that names the same trace: a service in between may have passed on the state and begun a trace of its own. */
function ksuidIn(entries: readonly string[], w3c: string): string | undefined {
  const ksuid = entries.find(entry => entry.startsWith(`${VENDOR}=`))?.slice(VENDOR.length + 1)
  try {
    return ksuid !== undefined && ksuid.length === 27 && w3cTraceId(ksuid) === w3c ? ksuid : undefined
  } catch {
    return undefined
  }
}

function entriesOf(state: string): string[] {
  return state
    .split(',')
    .map(entry => entry.trim())
    .filter(entry => entry !== '' && entry.length <= MAX_STATE)
}

/** The entries further left are the newer ones. */
function withinLimit(entries: string[]): string {
  while (entries.length > 1 && entries.join(',').length > MAX_STATE) entries.pop()
  return entries.join(',')
}
