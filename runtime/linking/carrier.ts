import { type SpanContext, spanContextOf, traceHeaders } from '../../model/index.ts'
import { epochMilliseconds, now } from '../clock.ts'
import { storage } from '../shared.ts'
import { currentSpanContext, remoteTask } from '../span-context.ts'

/** What can carry a span context: headers, metadata of a message, the variables of an environment. */
export type Carrier =
  | { [name: string]: unknown }
  | { get(name: string): unknown; set(name: string, value: string): unknown }

/**
 * Writes the current span into `carrier`, as the W3C's `traceparent` and `tracestate`, and returns the carrier. Outside any span nothing
 * is written. `carrier`: an object, or what has `get` and `set` (`Headers`, a `Map`).
 */
export function inject<C extends Carrier>(carrier: C): C {
  const context = currentSpanContext()
  if (context === undefined) return carrier
  for (const [name, value] of Object.entries(traceHeaders(context))) write(carrier, name, value)
  return carrier
}

/** The span context that `inject`, or another vendor's library, wrote into `carrier`; undefined where there is none. */
export function extract(carrier: Carrier): SpanContext | undefined {
  const traceparent = read(carrier, 'traceparent')
  return traceparent === undefined
    ? undefined
    : spanContextOf(traceparent, read(carrier, 'tracestate'), epochMilliseconds(now()))
}

/** Runs `fn` so that what begins in it is below a span of elsewhere; without a context, as if it were called. */
export function continueTrace<T>(context: SpanContext | undefined, fn: () => T): T {
  return context === undefined ? fn() : storage.run(remoteTask(context), fn)
}

function write(carrier: Carrier, name: string, value: string): void {
  if (hasMethods(carrier)) carrier.set(name, value)
  else carrier[name] = value
}

/** A header that came several times is a list; of `traceparent` the first counts, the parts of `tracestate` belong together. */
function read(carrier: Carrier, name: string): string | undefined {
  const value = hasMethods(carrier) ? carrier.get(name) : property(carrier, name)
  if (Array.isArray(value)) return name === 'tracestate' ? value.join(',') : text(value[0])
  return text(value)
}

/** In any case: environments say `TRACEPARENT`, HTTP/1 headers anything. */
function property(carrier: { [name: string]: unknown }, name: string): unknown {
  if (carrier[name] !== undefined) return carrier[name]
  const key = Object.keys(carrier).find(key => key.toLowerCase() === name)
  return key === undefined ? undefined : carrier[key]
}

/** Kafka and others hand over bytes. */
function text(value: unknown): string | undefined {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1')
  return typeof value === 'string' ? value : undefined
}

function hasMethods(
  carrier: Carrier,
): carrier is { get(name: string): unknown; set(name: string, v: string): unknown } {
  return typeof carrier['get'] === 'function' && typeof carrier['set'] === 'function'
}
