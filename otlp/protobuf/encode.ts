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
import { ProtobufWriter } from './writer.ts'

// Field numbers are those of opentelemetry-proto 1.11.
const writer = new ProtobufWriter()

/** Spans as they stand in a request: parts, of which any number in a row is written by `encodeParts`. */
export function encodeSpans(spans: readonly WireSpan[]): Uint8Array {
  for (const span of spans) writeSpan(span)
  return writer.finish()
}

/** Log records as they stand in a request. */
export function encodeLogs(logs: readonly WireLog[]): Uint8Array {
  for (const log of logs) writeLog(log)
  return writer.finish()
}

/** A request, of traces or of logs: they differ in their records alone. `parts`: what `encodeSpans`, or `encodeLogs`, returned. */
export function encodeParts(
  parts: readonly Uint8Array[],
  { resource, scope, schemaUrl }: Omit<Group<never>, 'records'>,
): Uint8Array {
  writeGroup({ resource, scope, ...(schemaUrl !== undefined && { schemaUrl }) }, () => {
    for (const part of parts) writer.raw(part)
  })
  return writer.finish()
}

/** A whole request. */
export function encodeRequest(signal: Signal, groups: readonly Group<WireSpan | WireLog>[]): Uint8Array {
  const write = (signal === 'traces' ? writeSpan : writeLog) as (record: WireSpan | WireLog) => void
  for (const { records, ...source } of groups) {
    writeGroup(source, () => {
      for (const record of records) write(record)
    })
  }
  return writer.finish()
}

/** A `google.rpc.Status`. */
export function encodeStatus(code: number, message: string): Uint8Array {
  writer.int(1, code)
  writer.string(2, message)
  return writer.finish()
}

/** The answer to an export request. */
export function encodeAnswer({ rejected, message }: PartialSuccess): Uint8Array {
  if (rejected === 0 && message === '') return new Uint8Array(0)
  const start = writer.begin(1)
  if (rejected > 0) writer.int(1, rejected)
  if (message !== '') writer.string(2, message)
  writer.end(start)
  return writer.finish()
}

function writeGroup({ resource, scope, schemaUrl }: Omit<Group<never>, 'records'>, records: () => void): void {
  const group = writer.begin(1)
  const about = writer.begin(1)
  writeAttributes(1, resource)
  writer.end(about)
  const scoped = writer.begin(2)
  writeScope(scope)
  records()
  if (schemaUrl !== undefined) writer.string(3, schemaUrl)
  writer.end(scoped)
  if (schemaUrl !== undefined) writer.string(3, schemaUrl)
  writer.end(group)
}

function writeScope({ name, version, attributes }: Scope): void {
  const start = writer.begin(1)
  writer.string(1, name)
  if (version !== undefined) writer.string(2, version)
  if (attributes !== undefined) writeAttributes(3, attributes)
  writer.end(start)
}

function writeSpan(span: WireSpan): void {
  const start = writer.begin(2)
  writer.hex(1, span.traceId)
  writer.hex(2, span.spanId)
  if (span.traceState !== undefined) writer.string(3, span.traceState)
  if (span.parentSpanId !== undefined) writer.hex(4, span.parentSpanId)
  writer.string(5, span.name)
  writer.int(6, span.kind)
  writer.fixed64(7, span.startTime)
  writer.fixed64(8, span.endTime)
  writeAttributes(9, span.attributes)
  for (const event of span.events) writeEvent(event)
  for (const link of span.links) writeLink(link)
  writeStatus(span.status)
  if (span.flags !== undefined) writer.fixed32(16, span.flags)
  writer.end(start)
}

function writeStatus({ code, message }: WireSpan['status']): void {
  if (code === 0) return
  const start = writer.begin(15)
  if (message !== undefined) writer.string(2, message)
  writer.int(3, code)
  writer.end(start)
}

function writeEvent({ time, name, attributes }: WireEvent): void {
  const start = writer.begin(11)
  writer.fixed64(1, time)
  writer.string(2, name)
  writeAttributes(3, attributes)
  writer.end(start)
}

function writeLink({ traceId, spanId, traceState, attributes, flags }: WireLink): void {
  const start = writer.begin(13)
  writer.hex(1, traceId)
  writer.hex(2, spanId)
  if (traceState !== undefined) writer.string(3, traceState)
  writeAttributes(4, attributes)
  if (flags !== undefined) writer.fixed32(6, flags)
  writer.end(start)
}

function writeLog(log: WireLog): void {
  const start = writer.begin(2)
  writer.fixed64(1, log.time)
  if (log.severity !== 0) writer.int(2, log.severity)
  if (log.severityText !== '') writer.string(3, log.severityText)
  writeValue(5, log.body)
  writeAttributes(6, log.attributes)
  if (log.flags !== undefined) writer.fixed32(8, log.flags)
  if (log.traceId !== undefined) writer.hex(9, log.traceId)
  if (log.spanId !== undefined) writer.hex(10, log.spanId)
  writer.fixed64(11, log.observedTime)
  if (log.eventName !== undefined) writer.string(12, log.eventName)
  writer.end(start)
}

function writeAttributes(field: number, attributes: WireAttributes): void {
  for (const name of Object.keys(attributes)) {
    const start = writer.begin(field)
    writer.string(1, name)
    writeValue(2, attributes[name] as WireValue)
    writer.end(start)
  }
}

/** An `AnyValue`. `null` is one without a value. */
function writeValue(field: number, value: WireValue): void {
  const start = writer.begin(field)
  switch (typeof value) {
    case 'string':
      writer.string(1, value)
      break
    case 'boolean':
      writer.int(2, value ? 1 : 0)
      break
    case 'bigint':
      writer.int(3, value)
      break
    case 'number':
      if (Number.isSafeInteger(value) && !Object.is(value, -0)) writer.int(3, value)
      else writer.double(4, value)
      break
    default:
      if (value !== null) writeCompound(value)
  }
  writer.end(start)
}

function writeCompound(value: readonly WireValue[] | WireAttributes): void {
  const isList = Array.isArray(value)
  const start = writer.begin(isList ? 5 : 6)
  if (isList) for (const entry of value as readonly WireValue[]) writeValue(1, entry)
  else writeAttributes(1, value as WireAttributes)
  writer.end(start)
}
