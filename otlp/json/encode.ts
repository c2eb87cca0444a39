import type {
  Group,
  PartialSuccess,
  Scope,
  Signal,
  WireAttributes,
  WireEvent,
  WireLink,
  WireLog,
  WireSpan,
  WireValue,
} from '../wire.ts'

/** Spans as they stand in a request: parts, of which any number is written by `encodeParts`. `''` where there are none. */
export function encodeSpans(spans: readonly WireSpan[]): string {
  return spans.map(spanText).join(',')
}

/** Log records as they stand in a request. */
export function encodeLogs(logs: readonly WireLog[]): string {
  return logs.map(logText).join(',')
}

/** What stands before and behind the parts of a request. Parts are what `encodeSpans`, or `encodeLogs`, returned, with commas between them. */
export function envelope(signal: Signal, source: Omit<Group<never>, 'records'>): readonly [head: string, tail: string] {
  const { group } = KEYS[signal]
  const [head, tail] = groupEnvelope(signal, source)
  return [`{"${group}":[${head}`, `${tail}]}`]
}

/** A whole request. */
export function encodeRequest(signal: Signal, groups: readonly Group<WireSpan | WireLog>[]): string {
  const write = (signal === 'traces' ? encodeSpans : encodeLogs) as (records: readonly (WireSpan | WireLog)[]) => string
  const texts = groups.map(({ records, ...source }) => groupEnvelope(signal, source).join(write(records)))
  return `{"${KEYS[signal].group}":[${texts.join(',')}]}`
}

function groupEnvelope(
  signal: Signal,
  { resource, scope, schemaUrl }: Omit<Group<never>, 'records'>,
): [string, string] {
  const { scopes, records } = KEYS[signal]
  const schema = schemaUrl === undefined ? '' : `,"schemaUrl":${JSON.stringify(schemaUrl)}`
  return [
    `{"resource":{"attributes":${attributesText(resource)}},"${scopes}":[{"scope":${scopeText(scope)},"${records}":[`,
    `]${schema}}]${schema}}`,
  ]
}

/** The answer to an export request. */
export function encodeAnswer(signal: Signal, { rejected, message }: PartialSuccess): string {
  if (rejected === 0 && message === '') return '{}'
  return JSON.stringify({ partialSuccess: { [KEYS[signal].rejected]: String(rejected), errorMessage: message } })
}

/** A `google.rpc.Status`. */
export function encodeStatus(code: number, message: string): string {
  return JSON.stringify({ code, message })
}

export const KEYS = {
  traces: { group: 'resourceSpans', scopes: 'scopeSpans', records: 'spans', rejected: 'rejectedSpans' },
  logs: { group: 'resourceLogs', scopes: 'scopeLogs', records: 'logRecords', rejected: 'rejectedLogRecords' },
} as const

function scopeText({ name, version, attributes }: Scope): string {
  const further = attributes === undefined ? '' : `,"attributes":${attributesText(attributes)}`
  return `{"name":${JSON.stringify(name)}${optional('version', version)}${further}}`
}

function spanText(span: WireSpan): string {
  const { status } = span
  return (
    `{"traceId":${JSON.stringify(span.traceId)},"spanId":${JSON.stringify(span.spanId)}` +
    optional('traceState', span.traceState) +
    optional('parentSpanId', span.parentSpanId) +
    optional('flags', span.flags) +
    `,"name":${JSON.stringify(span.name)},"kind":${span.kind}` +
    `,"startTimeUnixNano":"${span.startTime}","endTimeUnixNano":"${span.endTime}"` +
    `,"attributes":${attributesText(span.attributes)}` +
    (span.events.length === 0 ? '' : `,"events":[${span.events.map(eventText).join(',')}]`) +
    (span.links.length === 0 ? '' : `,"links":[${span.links.map(linkText).join(',')}]`) +
    (status.code === 0 ? '}' : `,"status":${JSON.stringify(status)}}`)
  )
}

function eventText({ time, name, attributes }: WireEvent): string {
  return `{"timeUnixNano":"${time}","name":${JSON.stringify(name)},"attributes":${attributesText(attributes)}}`
}

function linkText({ traceId, spanId, traceState, attributes, flags }: WireLink): string {
  const ids = `"traceId":${JSON.stringify(traceId)},"spanId":${JSON.stringify(spanId)}`
  const further = optional('traceState', traceState) + optional('flags', flags)
  return `{${ids}${further},"attributes":${attributesText(attributes)}}`
}

function logText(log: WireLog): string {
  return (
    `{"timeUnixNano":"${log.time}","observedTimeUnixNano":"${log.observedTime}"` +
    `,"severityNumber":${log.severity},"severityText":${JSON.stringify(log.severityText)}` +
    optional('eventName', log.eventName) +
    `,"body":${valueText(log.body)},"attributes":${attributesText(log.attributes)}` +
    optional('traceId', log.traceId) +
    optional('spanId', log.spanId) +
    optional('flags', log.flags) +
    '}'
  )
}

function optional(name: string, value: string | number | undefined): string {
  return value === undefined ? '' : `,"${name}":${JSON.stringify(value)}`
}

/** Names of attributes as JSON: there are few of them, and each comes often. */
const names = new Map<string, string>()
const MAX_NAMES = 2_000

function nameText(name: string): string {
  const known = names.get(name)
  if (known !== undefined) return known
  const text = JSON.stringify(name)
  if (names.size < MAX_NAMES) names.set(name, text)
  return text
}

function attributesText(attributes: WireAttributes): string {
  let text = ''
  for (const name of Object.keys(attributes)) {
    text += `${text === '' ? '' : ','}{"key":${nameText(name)},"value":${valueText(attributes[name] as WireValue)}}`
  }
  return `[${text}]`
}

function valueText(value: WireValue): string {
  switch (typeof value) {
    case 'string':
      return `{"stringValue":${JSON.stringify(value)}}`
    case 'boolean':
      return `{"boolValue":${value}}`
    case 'bigint':
      return `{"intValue":"${value}"}`
    case 'number':
      return numberText(value)
    default:
      if (value === null) return '{}'
      return Array.isArray(value)
        ? `{"arrayValue":{"values":[${(value as readonly WireValue[]).map(valueText).join(',')}]}}`
        : `{"kvlistValue":{"values":${attributesText(value as WireAttributes)}}}`
  }
}

/** What JSON has no number for is text, as the format allows. */
function numberText(value: number): string {
  if (Object.is(value, -0)) return '{"doubleValue":"-0"}'
  if (Number.isSafeInteger(value)) return `{"intValue":"${value}"}`
  return Number.isFinite(value) ? `{"doubleValue":${value}}` : `{"doubleValue":"${value}"}`
}
