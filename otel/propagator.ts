import { type Context, type TextMapGetter, type TextMapPropagator, type TextMapSetter, trace } from '@opentelemetry/api'
import { spanContextOf, traceHeaders } from '../model/index.ts'
import { epochMilliseconds, now } from '../runtime/clock.ts'
import { BridgeSpan } from './bridge-span.ts'
import { isSilent, isSuppressed } from './current.ts'
import { toOurs, toTheirs } from './span-contexts.ts'

/** `traceparent` and `tracestate`, as `inject` and `extract` of this package write and read them. */
export class BridgePropagator implements TextMapPropagator {
  inject(context: Context, carrier: unknown, setter: TextMapSetter): void {
    const span = trace.getSpan(context)
    if (span === undefined || isSuppressed(context) || isSilent()) return
    const ours = span instanceof BridgeSpan ? span.ourContext : toOurs(span.spanContext())
    if (ours === undefined) return
    for (const [name, value] of Object.entries(traceHeaders(ours))) setter.set(carrier, name, value)
  }

  extract(context: Context, carrier: unknown, getter: TextMapGetter): Context {
    const traceparent = first(getter.get(carrier, 'traceparent'))
    if (typeof traceparent !== 'string') return context
    const states = getter.get(carrier, 'tracestate')
    const state = Array.isArray(states) ? states.join(',') : states
    const ours = spanContextOf(traceparent, typeof state === 'string' ? state : undefined, epochMilliseconds(now()))
    return ours === undefined ? context : trace.setSpanContext(context, toTheirs(ours, true))
  }

  fields(): string[] {
    return ['traceparent', 'tracestate']
  }
}

function first(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value
}
