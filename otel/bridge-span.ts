import {
  type Attributes,
  type AttributeValue,
  type Exception,
  type Link,
  type Span,
  type SpanStatus,
  SpanStatusCode,
  type SpanContext as TheirContext,
  type TimeInput,
} from '@opentelemetry/api'
import type { Message, SpanContext } from '../model/index.ts'
import { type ActiveSpan, detailsOf, FAILED, isRunning, STARTED } from '../runtime/active-span.ts'
import type { TraceIdentity } from '../runtime/active-trace.ts'
import { captureAttributes } from '../runtime/capture.ts'
import { epochNanoseconds } from '../runtime/clock.ts'
import { errorRecord } from '../runtime/error-record.ts'
import { recordFailure } from '../runtime/failure.ts'
import { addLink } from '../runtime/linking/reference.ts'
import { addMessage } from '../runtime/logger.ts'
import { setAttributes } from '../runtime/manual-span.ts'
import { idOfSerial, serialOf } from '../runtime/span-id.ts'
import { endBound } from '../runtime/span-lifecycle.ts'
import type { Task } from '../runtime/task.ts'
import { siteOf } from './sites.ts'
import { toOurs, toTheirs } from './span-contexts.ts'
import { readingOf } from './time.ts'

/** A span of ours as OpenTelemetry's API has them: one that a tracer began, or a traced function that is current. */
export class BridgeSpan implements Span {
  /** In which what is below the span begins. */
  readonly task: Task
  /** The library whose tracer began it; `''` for a function of the program. */
  readonly #scope: string
  readonly #identity: TraceIdentity
  readonly #serial: number
  readonly #sampled: boolean
  // Not the span itself: contexts are kept by sockets and parsers, and would keep the tree with them.
  readonly #synchronous: WeakRef<ActiveSpan> | undefined
  #theirContext: TheirContext | undefined
  #exception: { readonly error: unknown; readonly message: Message } | undefined
  #isOk = false

  constructor(task: Task, span: ActiveSpan, scope: string) {
    const { owner, ownerSerial } = task
    // Buried, but not for what is current in the task now; that has begun afterwards.
    const buried = span === owner ? task.buried : undefined
    this.task = task
    this.#scope = scope
    this.#synchronous = span === owner ? undefined : new WeakRef(span)
    this.#identity = buried ?? span.trace.identity
    this.#serial = buried === undefined ? serialOf(span) : ownerSerial
    this.#sampled = buried !== undefined || span.trace.sampled
  }

  /** The span while its trace is being made; what stands in its place afterwards takes nothing more. */
  get span(): ActiveSpan | undefined {
    return this.#synchronous === undefined ? this.task.owner : this.#synchronous.deref()
  }

  get ourContext(): SpanContext {
    const { span } = this
    if (span !== undefined && isRunning(span)) detailsOf(span).exposed = true
    const { id, traceState } = this.#identity
    const spanId = idOfSerial(this.#serial)
    return { traceId: id, spanId, sampled: this.#sampled, ...(traceState !== undefined && { traceState }) }
  }

  spanContext(): TheirContext {
    return (this.#theirContext ??= toTheirs(this.ourContext, false))
  }

  isRecording(): boolean {
    const { span } = this
    return this.#sampled && span !== undefined && isRunning(span)
  }

  setAttribute(name: string, value: AttributeValue): this {
    return this.setAttributes({ [name]: value })
  }

  setAttributes(attributes: Attributes): this {
    this.#change(span => setAttributes(span, attributes))
    return this
  }

  addEvent(name: string, attributesOrTime?: Attributes | TimeInput, time?: TimeInput): this {
    const isTime =
      typeof attributesOrTime !== 'object' || Array.isArray(attributesOrTime) || attributesOrTime instanceof Date
    const [attributes, at] = isTime ? [{}, attributesOrTime ?? time] : [attributesOrTime, time]
    this.#change(span => addMessage(span, this.#message(name, attributes as Attributes, at as TimeInput | undefined)))
    return this
  }

  addLink({ context, attributes }: Link): this {
    const other = toOurs(context)
    const kept = attributes === undefined ? {} : { attributes: captureAttributes(attributes) }
    if (other !== undefined)
      this.#change(span => addLink(span, { traceId: other.traceId, spanId: other.spanId, ...kept }))
    return this
  }

  addLinks(links: Link[]): this {
    for (const link of links) this.addLink(link)
    return this
  }

  /** `ERROR` after an exception that was recorded says that this exception left the span. */
  setStatus({ code, message }: SpanStatus): this {
    this.#change(span => {
      if (code === SpanStatusCode.ERROR && !this.#isOk) this.#fail(span, message)
      else if (code === SpanStatusCode.OK) this.#succeed(span)
    })
    return this
  }

  updateName(name: string): this {
    this.#change(span => {
      if (this.#scope !== '') span.site = siteOf(this.#scope, name)
    })
    return this
  }

  recordException(exception: Exception, time?: TimeInput): void {
    this.#change(span => {
      const error = errorOf(exception)
      const record = errorRecord(error)
      const text = `${record.type}: ${record.message}`
      const message: Message = { ...this.#message(text, {}, time), level: 'error', error: record }
      if (span.status === FAILED && !span.details?.hasError) {
        recordFailure(span, error, undefined)
      } else {
        this.#exception = { error, message }
        addMessage(span, message)
      }
    })
  }

  end(time?: TimeInput): void {
    // A function of the program ends when it returns.
    if (this.#scope === '') return
    const { span } = this
    if (span !== undefined && isRunning(span)) endBound(span, Math.max(readingOf(time), span.start, 0))
  }

  #change(action: (span: ActiveSpan) => void): void {
    const { span } = this
    if (span !== undefined && isRunning(span) && !span.trace.complete) action(span)
  }

  #message(text: string, attributes: Attributes, time: TimeInput | undefined): Message {
    return {
      time: epochNanoseconds(readingOf(time)),
      level: 'info',
      text: String(text),
      logger: this.#scope || 'otel',
      attributes: captureAttributes(attributes),
    }
  }

  #fail(span: ActiveSpan, message: string | undefined): void {
    if (span.details?.hasError) return
    const recorded = this.#exception
    if (recorded === undefined) {
      span.status = FAILED
      detailsOf(span).level = 'error'
      if (message) setAttributes(span, { 'otel.status_description': message })
    } else {
      const details = detailsOf(span)
      const messages = details.messages?.filter(each => each !== recorded.message)
      details.messages = messages?.length ? messages : undefined
      recordFailure(span, recorded.error, undefined)
    }
  }

  /** Said last and for good: what the library knew of errors did not matter. */
  #succeed(span: ActiveSpan): void {
    this.#isOk = true
    if (span.status !== FAILED) return
    span.status = STARTED
    const details = detailsOf(span)
    details.hasError = false
    details.error = undefined
    details.level = undefined
  }
}

/** An error as it is, so that functions around it that fail of the same one refer to this span. */
function errorOf(exception: Exception): unknown {
  if (typeof exception === 'string' || exception instanceof Error) return exception
  const { name, code, message, stack } = exception
  const error = new Error(message ?? '')
  error.name = String(name ?? code ?? 'Error')
  if (stack === undefined) delete error.stack
  else error.stack = stack
  return error
}
