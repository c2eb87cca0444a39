import { LEVELS, type Level, type Message } from '../model/index.ts'
import { type ActiveSpan, detailsOf } from './active-span.ts'
import { bounded, captureAttributes } from './capture.ts'
import { epochNanoseconds, now } from './clock.ts'
import { errorRecord } from './error-record.ts'
import { addLink, addReference, newReference, senderOf } from './linking/reference.ts'
import { type ManualSpan, runSpan, type SpanOptions, setAttributes, startSpan } from './manual-span.ts'
import { OFF_SPAN } from './off.ts'
import { collector, currentTask } from './shared.ts'
import { RuntimeSite } from './site.ts'
import { contextOfSpan } from './span-context.ts'
import { beginLate, beginRoot, endBound } from './span-lifecycle.ts'

/** Messages that one span keeps; further ones are counted in its attribute `messages.dropped`. */
const MAX_MESSAGES = 10_000
/** Characters of a message. */
const MAX_TEXT = 32_000

/**
 * Says something in the current span. Outside any span a message becomes the root of a trace of its own, so that it
 * is never lost. No method throws, whatever it is given.
 */
export class Logger {
  readonly name: string

  constructor(name: string) {
    this.name = name
  }

  debug(text: string, attributes?: object): void {
    this.log('debug', text, attributes)
  }

  info(text: string, attributes?: object): void {
    this.log('info', text, attributes)
  }

  warning(text: string, attributes?: object): void {
    this.log('warning', text, attributes)
  }

  error(text: string, attributes?: object): void {
    this.log('error', text, attributes)
  }

  critical(text: string, attributes?: object): void {
    this.log('critical', text, attributes)
  }

  /** A message of any level. An `Error` among the attributes is kept as its type and message; see `exception`. */
  log(level: Level, text: string, attributes?: object): void {
    if (collector.enabled) record(this.#message(level, text, attributes))
  }

  /** An error that was handled, with its traceback. `text` says what was being done; it defaults to the error's message. */
  exception(error: unknown, text?: string, attributes?: object): void {
    if (!collector.enabled) return
    const kept = errorRecord(error)
    record({ ...this.#message('error', text ?? `${kept.type}: ${kept.message}`, attributes), error: kept })
  }

  /** Sets attributes on the current span; outside any span, a message says them. */
  extra(attributes: Readonly<Record<string, unknown>>): void {
    if (!collector.enabled) return
    const span = currentSpan()
    if (span === undefined) this.info('extra', attributes)
    else setAttributes(span, attributes)
  }

  /**
   * Runs `fn` in a span of its own. A promise that it returns keeps the span open until it settles, and the returned
   * promise settles in the same way; anything else is returned as it is.
   */
  span<T>(name: string, fn: (span: ManualSpan) => T): T
  span<T>(name: string, options: SpanOptions, fn: (span: ManualSpan) => T): T
  span<T>(
    name: string,
    ...rest: [fn: (span: ManualSpan) => T] | [options: SpanOptions, fn: (span: ManualSpan) => T]
  ): T {
    return rest.length === 1 ? runSpan(name, {}, rest[0], 1) : runSpan(name, rest[0], rest[1], 1)
  }

  /**
   * Begins a span that ends with its block (`using step = logger.start('reserve')`) or by `end()`. In a function that the
   * transformer has instrumented, `using` makes it the current span. Elsewhere that could leak into the caller, so there it is an
   * explicit parent: `step.run(fn)`, `step.span(name, fn)`.
   */
  start(name: string, options: SpanOptions = {}): ManualSpan {
    return startSpan(name, options, 1)
  }

  /**
   * A reference to the current span, for the metadata of a message: whoever handles the message calls `linkRef` with it, and the two traces
   * find one another, whichever is published first.
   */
  ref(): string {
    let reference = ''
    this.#onSpan(span => {
      reference = newReference(contextOfSpan(span))
      addReference(span, reference, 'source')
    })
    return reference
  }

  /** Says that the current span handles the message that `reference` came with; see `ref`. */
  linkRef(reference: string): void {
    if (typeof reference !== 'string' || reference === '') return
    this.#onSpan(span => {
      addReference(span, reference, 'destination')
      const link = senderOf(reference)
      if (link !== undefined) addLink(span, link)
    })
  }

  /** The current span, or one made for this. */
  #onSpan(action: (span: ActiveSpan) => void): void {
    if (!collector.enabled) return
    const span = currentSpan()
    if (span === undefined) spanAlone(this.name, 'info', action)
    else action(span)
  }

  #message(level: Level, text: string, attributes: object | undefined): Message {
    return {
      time: epochNanoseconds(now()),
      level: LEVELS.includes(level) ? level : 'info',
      text: bounded(typeof text === 'string' ? text : textOf(text), MAX_TEXT),
      logger: this.name,
      attributes: attributes === undefined ? {} : captureAttributes(attributes),
    }
  }
}

const loggers = new Map<string, Logger>()

/** The logger of this name; the same one each time. */
export function getLogger(name = 'app'): Logger {
  let logger = loggers.get(name)
  if (logger === undefined) {
    logger = new Logger(name)
    loggers.set(name, logger)
  }
  return logger
}

/** The span that is current here and whose trace still takes messages. */
function currentSpan(): ActiveSpan | undefined {
  const span = currentTask()?.current
  return span === undefined || span.trace.complete ? undefined : span
}

function record(message: Message): void {
  const span = currentSpan()
  if (span === undefined) {
    recordAlone(message)
  } else addMessage(span, message)
}

/** Keeps a message on a span, whose trace must still take some. */
export function addMessage(span: ActiveSpan, message: Message): void {
  const details = detailsOf(span)
  const messages = (details.messages ??= [])
  if (messages.length < MAX_MESSAGES) messages.push(message)
  else details.attributes = { ...details.attributes, 'messages.dropped': droppedBefore(details.attributes) + 1 }
}

function droppedBefore(attributes: Record<string, unknown> | undefined): number {
  const dropped = attributes?.['messages.dropped']
  return typeof dropped === 'number' ? dropped : 0
}

/** A root that is only this message; where its trace was exported already, a late addition to that. */
function recordAlone(message: Message): void {
  spanAlone(message.logger, message.level, span => {
    detailsOf(span).messages = [message]
  })
}

/** A root, or a late addition, that has only what `fill` puts into it; none where the trace is not sampled. */
function spanAlone(name: string, level: Level, fill: (span: ActiveSpan) => void): void {
  const task = currentTask()
  const site = new RuntimeSite('', undefined, [name, 'manual', 0, 0, { o: { level } }])
  const span = task === undefined ? beginRoot(site) : beginLate(site, task)
  if (span === OFF_SPAN) return
  span.start = now()
  fill(span)
  endBound(span)
}

function textOf(value: unknown): string {
  const captured = captureAttributes({ value }).value
  return typeof captured === 'string' ? captured : (JSON.stringify(captured) ?? '')
}
