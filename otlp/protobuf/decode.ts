import { integerValue, isEmpty, numberValue, setOwn } from '../values.ts'
import {
  checkDepth,
  type Group,
  type PartialSuccess,
  type RecordOf,
  type Scope,
  type Signal,
  type WireAttributes,
  type WireEvent,
  type WireLink,
  type WireLog,
  type WireSpan,
  type WireValue,
} from '../wire.ts'
import { ProtobufReader } from './reader.ts'

type Draft<T> = { -readonly [K in keyof T]: T[K] }
type Reader = ProtobufReader

/** An export request. Throws an `OtlpError` for bytes that are none. */
export function decodeRequest<S extends Signal>(signal: S, bytes: Uint8Array): Group<RecordOf<S>>[] {
  const groups: Group<RecordOf<S>>[] = []
  const readRecord = (signal === 'traces' ? readSpan : readLog) as (reader: Reader) => RecordOf<S>
  new ProtobufReader(bytes).fields((reader, field) => {
    if (field === 1) groups.push(...readResourceGroups(reader, readRecord))
  })
  return groups
}

/** The answer to an export request. Throws an `OtlpError` for bytes that are none. */
export function decodeAnswer(bytes: Uint8Array): PartialSuccess {
  const partial: Draft<PartialSuccess> = { rejected: 0, message: '' }
  new ProtobufReader(bytes).fields((reader, field) => {
    if (field === 1) {
      reader.message((r, f) => {
        if (f === 1) partial.rejected = Number(r.int64())
        else if (f === 2) partial.message = r.string()
      })
    }
  })
  return partial
}

/** The resource may come behind what it is the resource of. */
function readResourceGroups<R>(reader: Reader, readRecord: (reader: Reader) => R): Group<R>[] {
  const resource: Record<string, WireValue> = {}
  const groups: Group<R>[] = []
  reader.message((r, field) => {
    if (field === 1) r.message((inner, f) => f === 1 && readAttribute(inner, resource, 0))
    else if (field === 2) groups.push(readGroup(r, resource, readRecord))
  })
  return groups
}

function readGroup<R>(reader: Reader, resource: WireAttributes, readRecord: (reader: Reader) => R): Group<R> {
  const records: R[] = []
  const group: Draft<Group<R>> = { resource, scope: { name: '' }, records }
  reader.message((r, field) => {
    if (field === 1) group.scope = readScope(r)
    else if (field === 2) records.push(readRecord(r))
    else if (field === 3) group.schemaUrl = r.string()
  })
  return group
}

function readScope(reader: Reader): Scope {
  const attributes: Record<string, WireValue> = {}
  const scope: Draft<Scope> = { name: '' }
  reader.message((r, field) => {
    if (field === 1) scope.name = r.string()
    else if (field === 2) scope.version = r.string()
    else if (field === 3) readAttribute(r, attributes, 0)
  })
  return isEmpty(attributes) ? scope : { ...scope, attributes }
}

function readSpan(reader: Reader): WireSpan {
  const attributes: Record<string, WireValue> = {}
  const events: WireEvent[] = []
  const links: WireLink[] = []
  const span: Draft<WireSpan> = {
    traceId: '',
    spanId: '',
    name: '',
    kind: 0,
    startTime: 0n,
    endTime: 0n,
    attributes,
    events,
    links,
    status: { code: 0 },
  }
  reader.message((r, field) => {
    if (field === 9) readAttribute(r, attributes, 0)
    else if (field === 11) events.push(readEvent(r))
    else if (field === 13) links.push(readLink(r))
    else if (field === 15) span.status = readStatus(r)
    else readSpanField(r, field, span)
  })
  return span
}

function readSpanField(reader: Reader, field: number, span: Draft<WireSpan>): void {
  if (field === 1) span.traceId = reader.hex()
  else if (field === 2) span.spanId = reader.hex()
  else if (field === 3) setText(span, 'traceState', reader.string())
  else if (field === 4) setText(span, 'parentSpanId', reader.hex())
  else if (field === 5) span.name = reader.string()
  else if (field === 6) span.kind = reader.uint()
  else if (field === 7) span.startTime = reader.fixed64()
  else if (field === 8) span.endTime = reader.fixed64()
  else if (field === 16) span.flags = reader.fixed32()
}

/** Protocol Buffers do not tell an empty text from none. */
function setText<K extends string>(target: { [name in K]?: string }, name: K, value: string): void {
  if (value !== '') target[name] = value
}

function readStatus(reader: Reader): WireSpan['status'] {
  const status: Draft<WireSpan['status']> = { code: 0 }
  reader.message((r, field) => {
    if (field === 2) setText(status, 'message', r.string())
    else if (field === 3) status.code = r.uint()
  })
  return status
}

function readEvent(reader: Reader): WireEvent {
  const attributes: Record<string, WireValue> = {}
  const event: Draft<WireEvent> = { time: 0n, name: '', attributes }
  reader.message((r, field) => {
    if (field === 1) event.time = r.fixed64()
    else if (field === 2) event.name = r.string()
    else if (field === 3) readAttribute(r, attributes, 0)
  })
  return event
}

function readLink(reader: Reader): WireLink {
  const attributes: Record<string, WireValue> = {}
  const link: Draft<WireLink> = { traceId: '', spanId: '', attributes }
  reader.message((r, field) => {
    if (field === 1) link.traceId = r.hex()
    else if (field === 2) link.spanId = r.hex()
    else if (field === 3) setText(link, 'traceState', r.string())
    else if (field === 4) readAttribute(r, attributes, 0)
    else if (field === 6) link.flags = r.fixed32()
  })
  return link
}

function readLog(reader: Reader): WireLog {
  const attributes: Record<string, WireValue> = {}
  const log: Draft<WireLog> = { time: 0n, observedTime: 0n, severity: 0, severityText: '', body: null, attributes }
  reader.message((r, field) => {
    if (field === 5) log.body = readValue(r, 0)
    else if (field === 6) readAttribute(r, attributes, 0)
    else readLogField(r, field, log)
  })
  return log
}

function readLogField(reader: Reader, field: number, log: Draft<WireLog>): void {
  if (field === 1) log.time = reader.fixed64()
  else if (field === 2) log.severity = reader.uint()
  else if (field === 3) log.severityText = reader.string()
  else if (field === 8) log.flags = reader.fixed32()
  else if (field === 9) setText(log, 'traceId', reader.hex())
  else if (field === 10) setText(log, 'spanId', reader.hex())
  else if (field === 11) log.observedTime = reader.fixed64()
  else if (field === 12) setText(log, 'eventName', reader.string())
}

function readAttribute(reader: Reader, into: Record<string, WireValue>, depth: number): void {
  let name = ''
  let value: WireValue = null
  reader.message((r, field) => {
    if (field === 1) name = r.string()
    else if (field === 2) value = readValue(r, depth)
  })
  setOwn(into, name, value)
}

function readValue(reader: Reader, depth: number): WireValue {
  checkDepth(depth)
  let value: WireValue = null
  reader.message((r, field) => {
    if (field === 1) value = r.string()
    else if (field === 2) value = r.uint() !== 0
    else if (field === 3) value = integerValue(r.int64())
    else if (field === 4) value = numberValue(r.double())
    else if (field === 5) value = readList(r, depth + 1)
    else if (field === 6) value = readEntries(r, depth + 1)
    else if (field === 7) value = r.base64()
  })
  return value
}

function readList(reader: Reader, depth: number): WireValue[] {
  const list: WireValue[] = []
  reader.message((r, field) => {
    if (field === 1) list.push(readValue(r, depth))
  })
  return list
}

function readEntries(reader: Reader, depth: number): WireAttributes {
  const entries: Record<string, WireValue> = {}
  reader.message((r, field) => {
    if (field === 1) readAttribute(r, entries, depth)
  })
  return entries
}
