import { createTraceState, isSpanContextValid, type SpanContext as TheirContext, TraceFlags } from '@opentelemetry/api'
import { type SpanContext, spanContextOf, traceHeaders, w3cTraceId } from '../model/index.ts'
import { epochMilliseconds, now } from '../runtime/clock.ts'

/** Those that were made here: what they were made of has the ksuid. */
const known = new WeakMap<TheirContext, SpanContext>()

export function toTheirs(context: SpanContext, isRemote: boolean): TheirContext {
  const theirs: TheirContext = {
    traceId: w3cTraceId(context.traceId),
    spanId: context.spanId,
    traceFlags: context.sampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
    traceState: createTraceState(traceHeaders(context).tracestate),
    ...(isRemote && { isRemote }),
  }
  known.set(theirs, context)
  return theirs
}

/** Undefined for one that is not valid. */
export function toOurs(theirs: TheirContext): SpanContext | undefined {
  const ours = known.get(theirs)
  if (ours !== undefined || !isSpanContextValid(theirs)) return ours
  const flags = (theirs.traceFlags & 1) === 1 ? '01' : '00'
  const traceparent = `00-${theirs.traceId}-${theirs.spanId}-${flags}`
  const made = spanContextOf(traceparent, theirs.traceState?.serialize(), epochMilliseconds(now()))
  if (made !== undefined) known.set(theirs, made)
  return made
}
