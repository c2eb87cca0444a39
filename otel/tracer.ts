import {
  type Context,
  context as contexts,
  type Span,
  SpanKind,
  type SpanOptions,
  type Tracer,
  type TracerProvider,
  trace,
} from '@opentelemetry/api'
import type { SpanKind as Kind } from '../model/index.ts'
import { type ActiveSpan, detailsOf } from '../runtime/active-span.ts'
import { setAttributes } from '../runtime/manual-span.ts'
import { OFF_SPAN } from '../runtime/off.ts'
import { collector } from '../runtime/shared.ts'
import { beginBound, own } from '../runtime/span-lifecycle.ts'
import { ATTACHED } from '../runtime/task.ts'
import { BridgeSpan } from './bridge-span.ts'
import { bridge, isSilent, isSuppressed, silentSpan, taskOfSpan } from './current.ts'
import { warnOfTwins } from './doubled.ts'
import { siteOf } from './sites.ts'
import { readingOf } from './time.ts'

const KINDS: Readonly<Record<SpanKind, Kind>> = {
  [SpanKind.INTERNAL]: 'internal',
  [SpanKind.SERVER]: 'server',
  [SpanKind.CLIENT]: 'client',
  [SpanKind.PRODUCER]: 'producer',
  [SpanKind.CONSUMER]: 'consumer',
}

export class BridgeTracerProvider implements TracerProvider {
  readonly #tracers = new Map<string, BridgeTracer>()

  /** `name`: of the library that traces itself, or is traced. */
  getTracer(name: string): Tracer {
    let tracer = this.#tracers.get(name)
    if (tracer === undefined) this.#tracers.set(name, (tracer = new BridgeTracer(name || 'otel')))
    return tracer
  }
}

type Body = (span: Span) => unknown

class BridgeTracer implements Tracer {
  readonly #scope: string
  readonly #attributes: Readonly<Record<string, string>>

  constructor(scope: string) {
    this.#scope = scope
    this.#attributes = { 'otel.scope.name': scope }
  }

  startSpan(name: string, options: SpanOptions = {}, context: Context = contexts.active()): Span {
    const parent = options.root ? undefined : trace.getSpan(context)
    if (!collector.enabled || isSuppressed(context) || isSilent()) return silentSpan(parent)
    warnOfTwins(this.#scope, options.kind)
    const span = this.#begin(name, parent)
    if (span === OFF_SPAN) return silentSpan(parent)
    const task = own(span, undefined)
    task.state = ATTACHED
    const made = bridge(task, this.#scope)
    span.start = readingOf(options.startTime)
    if (options.kind !== undefined && options.kind !== SpanKind.INTERNAL) detailsOf(span).kind = KINDS[options.kind]
    setAttributes(span, { ...this.#attributes, ...options.attributes })
    if (options.links !== undefined) made.addLinks(options.links)
    return made
  }

  startActiveSpan<F extends Body>(
    name: string,
    ...rest: [F] | [SpanOptions, F] | [SpanOptions, Context, F]
  ): ReturnType<F> {
    const fn = rest.at(-1) as F
    const options = (rest.length > 1 ? rest[0] : {}) as SpanOptions
    const context = rest.length > 2 ? (rest[1] as Context) : contexts.active()
    const span = this.startSpan(name, options, context)
    return contexts.with(trace.setSpan(context, span), fn as (span: Span) => ReturnType<F>, undefined, span)
  }

  #begin(name: string, parent: Span | undefined): ActiveSpan {
    const task = parent && taskOfSpan(parent)
    const above = parent instanceof BridgeSpan ? parent.span : undefined
    return beginBound(siteOf(this.#scope, String(name)), task, above ?? task?.current)
  }
}
