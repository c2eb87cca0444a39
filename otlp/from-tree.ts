import {
  type CallStatistics,
  type ErrorRecord,
  type ErrorReference,
  type Level,
  type Span,
  type SpanLink,
  type SpanTree,
  spansOf,
  w3cTraceId,
} from '../model/index.ts'
import * as name from './conventions.ts'
import type { WireAttributes, WireLink, WireLog, WireSpan, WireValue } from './wire.ts'

/** How what was said in a span is sent: messages, errors, and errors that were handled. */
export type RecordsAs = 'logs' | 'events' | 'both'

export type EndOf = (span: Span) => bigint | undefined

export interface WireTree {
  readonly spans: readonly WireSpan[]
  readonly logs: readonly WireLog[]
}

/** Errors in errors that are sent: some decoders end at a hundred levels. */
const MAX_CAUSES = 8

type Draft = Record<string, WireValue>

/**
 * A tree as OTLP's spans and log records. OTLP has no running spans: `endOf` tells when a span is to be said to have ended (nanoseconds
 * since the Unix epoch), and an attribute that it still ran; a span for which it returns nothing is left out.
 */
export function wireTree(tree: SpanTree, recordsAs: RecordsAs, endOf: EndOf = ({ endTime }) => endTime): WireTree {
  const traceId = w3cTraceId(tree.traceId)
  const written: { spans: WireSpan[]; logs: WireLog[] } = { spans: [], logs: [] }
  for (const { span } of spansOf(tree.root)) {
    const end = endOf(span)
    if (end !== undefined) addSpan(written, tree, span, span === tree.root, traceId, end, recordsAs)
  }
  return written
}

/** What all spans of a tree have in common. */
type About = Omit<SpanTree, 'root'>

/** One span of a tree, with what is said in it. `end`: nanoseconds since the Unix epoch. */
export function wireSpanAlone(about: About, span: Span, isRoot: boolean, recordsAs: RecordsAs, end: bigint): WireTree {
  const written: { spans: WireSpan[]; logs: WireLog[] } = { spans: [], logs: [] }
  addSpan(written, about, span, isRoot, w3cTraceId(about.traceId), end, recordsAs)
  return written
}

function addSpan(
  { spans, logs }: { readonly spans: WireSpan[]; readonly logs: WireLog[] },
  about: About,
  span: Span,
  isRoot: boolean,
  traceId: string,
  end: bigint,
  recordsAs: RecordsAs,
): void {
  const records = recordsOf(span, end)
  spans.push(wireSpan(about, span, isRoot, traceId, end, recordsAs === 'logs' ? [] : records))
  if (recordsAs !== 'events') for (const record of records) logs.push(wireLog(record, traceId, span.id))
}

/** `traceId`: the W3C's. `records`: what was said in it, to be sent as events. */
export function wireSpan(
  about: About,
  span: Span,
  isRoot: boolean,
  traceId: string,
  endTime: bigint,
  records: readonly Said[],
): WireSpan {
  const { id, parentId, exitError, status } = span
  const { [name.STATUS_TEXT]: text, ...attributes } = attributesOf(span)
  if (isRoot) {
    attributes[name.TRACE_ID] = about.traceId
    if (about.late) attributes[name.LATE] = true
  }
  const message = exitError?.message ?? (typeof text === 'string' ? text : undefined)
  return {
    traceId,
    spanId: id,
    ...(parentId !== undefined && { parentSpanId: parentId }),
    flags: isRoot && about.remote ? name.SAMPLED | name.REMOTE : name.SAMPLED,
    name: span.name,
    kind: name.KINDS.indexOf(span.kind),
    startTime: span.startTime,
    endTime,
    attributes,
    events: records.map(eventOf),
    links: (span.links ?? []).map(wireLink),
    status: status === 'failed' ? { code: name.ERROR, ...(message && { message }) } : { code: name.UNSET },
  }
}

function attributesOf(span: Span): Draft {
  const { site, status, level, exitError, floating, dropped, queueDuration, references, calls, slow } = span
  const attributes: Draft = { ...span.attributes }
  if (site !== undefined) addSite(attributes, site)
  if (status === 'started') attributes[name.STATUS] = status
  if (level !== 'info') attributes[name.LEVEL] = level
  if (exitError !== undefined) addExitError(attributes, exitError)
  if (floating) attributes[name.FLOATING] = true
  if (dropped !== undefined) attributes[name.DROPPED] = dropped
  if (queueDuration !== undefined) attributes[name.QUEUED] = queueDuration
  if (references !== undefined) attributes[name.REFERENCES] = references.map(({ id, role }) => ({ id, role }))
  if (calls !== undefined) addFigures(attributes, name.CALLS, calls)
  if (slow !== undefined) addFigures(attributes, name.SLOW, slow)
  return attributes
}

function addSite(attributes: Draft, site: NonNullable<Span['site']>): void {
  attributes['code.function.name'] = site.name
  attributes['code.file.path'] = site.file
  attributes['code.line.number'] = site.line
  attributes['code.column.number'] = site.column
  attributes[name.SITE_ID] = site.id
  attributes[name.FUNCTION_KIND] = site.functionKind
  if (site.parameters.length > 0) attributes[name.PARAMETERS] = site.parameters
}

function addExitError(attributes: Draft, error: ErrorRecord | ErrorReference): void {
  attributes['error.type'] ??= error.type
  if (error.kind === 'reference') {
    attributes[name.EXIT_ERROR] = { span_id: error.spanId, type: error.type, message: error.message }
  }
}

function addFigures(attributes: Draft, prefix: string, figures: CallStatistics | NonNullable<Span['slow']>): void {
  for (const [figure, value] of Object.entries(figures)) attributes[prefix + figure] = value as WireValue
}

/** Something that was said in a span. */
interface Said {
  readonly time: bigint
  readonly level: Level
  readonly text: string
  readonly eventName?: string
  readonly attributes: WireAttributes
}

function recordsOf({ messages, exitError, handledErrors }: Span, end: bigint): Said[] {
  const records = messages.map(({ time, level, text, logger, attributes, error }): Said => {
    const all = { ...attributes, [name.LOGGER]: logger, ...(error && exceptionAttributes(error)) }
    return { time, level, text, ...(error && { eventName: name.EXCEPTION }), attributes: all }
  })
  for (const { spanId, type, message } of handledErrors) {
    const attributes = { ...typeAndMessage(type, message), [name.ERROR_SPAN]: spanId }
    records.push({ time: end, level: 'warning', text: `${type}: ${message}`, eventName: name.HANDLED, attributes })
  }
  if (exitError?.kind !== 'error') return records
  const attributes = { ...exceptionAttributes(exitError), [name.LEFT]: true }
  const text = `${exitError.type}: ${exitError.message}`
  records.push({ time: end, level: 'error', text, eventName: name.EXCEPTION, attributes })
  return records
}

function typeAndMessage(type: string, message: string): Draft {
  return { 'exception.type': type, 'exception.message': message }
}

function exceptionAttributes(error: ErrorRecord, depth = 0): Draft {
  const attributes = typeAndMessage(error.type, error.message)
  if (error.stack !== undefined) attributes['exception.stacktrace'] = error.stack
  if (Object.keys(error.attributes).length > 0) attributes[name.ERROR_ATTRIBUTES] = error.attributes
  if (error.arguments !== undefined) attributes[name.ERROR_ARGUMENTS] = error.arguments
  if (depth >= MAX_CAUSES) return attributes
  if (error.cause !== undefined) attributes[name.ERROR_CAUSE] = exceptionAttributes(error.cause, depth + 1)
  if (error.errors !== undefined) {
    attributes[name.ERROR_ERRORS] = error.errors.map(each => exceptionAttributes(each, depth + 1))
  }
  return attributes
}

function wireLog({ time, level, text, eventName, attributes }: Said, traceId: string, spanId: string): WireLog {
  return {
    time,
    observedTime: time,
    severity: name.severityNumber(level),
    severityText: level,
    ...(eventName !== undefined && { eventName }),
    body: text,
    attributes,
    traceId,
    spanId,
    flags: 1,
  }
}

/** An event has a name and no severity. */
function eventOf({ time, level, text, eventName, attributes }: Said): WireSpan['events'][number] {
  const said = { ...attributes, [name.LEVEL]: level }
  return eventName === undefined
    ? { time, name: text, attributes: said }
    : { time, name: eventName, attributes: { ...said, [name.TEXT]: text } }
}

function wireLink({ traceId, spanId, attributes }: SpanLink): WireLink {
  return { traceId: w3cTraceId(traceId), spanId, attributes: { ...attributes, [name.TRACE_ID]: traceId } }
}
