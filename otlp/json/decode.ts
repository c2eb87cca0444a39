import { integerValue, isEmpty, numberValue, setOwn } from '../values.ts'
import {
  checkDepth,
  type Group,
  OtlpError,
  type PartialSuccess,
  type RecordOf,
  type Scope,
  type Signal,
  type WireAttributes,
  type WireLink,
  type WireLog,
  type WireSpan,
  type WireValue,
} from '../wire.ts'
import { KEYS } from './encode.ts'

type Json = { readonly [name: string]: unknown }

const NONE: Json = {}

/** An export request. Throws an `OtlpError` for what is none. Fields that are not known, or of another type, are as if they were not there. */
export function decodeRequest<S extends Signal>(signal: S, text: string): Group<RecordOf<S>>[] {
  const { group, scopes, records } = KEYS[signal]
  const read = (signal === 'traces' ? readSpan : readLog) as (json: Json) => RecordOf<S>
  return objects(parse(text)[group]).flatMap(each => {
    const resource = attributesOf(object(each['resource'])['attributes'], 0)
    return objects(each[scopes]).map((scoped): Group<RecordOf<S>> => {
      const schemaUrl = textOf(scoped['schemaUrl']) ?? textOf(each['schemaUrl'])
      return {
        resource,
        scope: readScope(object(scoped['scope'])),
        ...(schemaUrl && { schemaUrl }),
        records: objects(scoped[records]).map(read),
      }
    })
  })
}

/** The answer to an export request. Throws an `OtlpError` for what is none. */
export function decodeAnswer(signal: Signal, text: string): PartialSuccess {
  const partial = object(parse(text)['partialSuccess'])
  return { rejected: Number(bigintOf(partial[KEYS[signal].rejected])), message: textOf(partial['errorMessage']) ?? '' }
}

function parse(text: string): Json {
  try {
    const json: unknown = JSON.parse(text)
    if (isObject(json)) return json
  } catch {
    // As any other text that is none.
  }
  throw new OtlpError('not an object of JSON')
}

function readScope(json: Json): Scope {
  const version = textOf(json['version'])
  const attributes = attributesOf(json['attributes'], 0)
  return { name: textOf(json['name']) ?? '', ...(version && { version }), ...(!isEmpty(attributes) && { attributes }) }
}

function readSpan(json: Json): WireSpan {
  const parentSpanId = idOf(json['parentSpanId'])
  const traceState = textOf(json['traceState'])
  const flags = numberOf(json['flags'])
  const status = object(json['status'])
  const message = textOf(status['message'])
  return {
    traceId: idOf(json['traceId']),
    spanId: idOf(json['spanId']),
    ...(parentSpanId && { parentSpanId }),
    ...(traceState && { traceState }),
    ...(flags !== undefined && { flags }),
    name: textOf(json['name']) ?? '',
    kind: numberOf(json['kind']) ?? 0,
    startTime: bigintOf(json['startTimeUnixNano']),
    endTime: bigintOf(json['endTimeUnixNano']),
    attributes: attributesOf(json['attributes'], 0),
    events: objects(json['events']).map(event => ({
      time: bigintOf(event['timeUnixNano']),
      name: textOf(event['name']) ?? '',
      attributes: attributesOf(event['attributes'], 0),
    })),
    links: objects(json['links']).map(readLink),
    status: { code: numberOf(status['code']) ?? 0, ...(message && { message }) },
  }
}

function readLink(json: Json): WireLink {
  const traceState = textOf(json['traceState'])
  const flags = numberOf(json['flags'])
  return {
    traceId: idOf(json['traceId']),
    spanId: idOf(json['spanId']),
    ...(traceState && { traceState }),
    attributes: attributesOf(json['attributes'], 0),
    ...(flags !== undefined && { flags }),
  }
}

function readLog(json: Json): WireLog {
  const traceId = idOf(json['traceId'])
  const spanId = idOf(json['spanId'])
  const eventName = textOf(json['eventName'])
  const flags = numberOf(json['flags'])
  return {
    time: bigintOf(json['timeUnixNano']),
    observedTime: bigintOf(json['observedTimeUnixNano']),
    severity: numberOf(json['severityNumber']) ?? 0,
    severityText: textOf(json['severityText']) ?? '',
    ...(eventName && { eventName }),
    body: valueFrom(json['body'], 0),
    attributes: attributesOf(json['attributes'], 0),
    ...(traceId && { traceId }),
    ...(spanId && { spanId }),
    ...(flags !== undefined && { flags }),
  }
}

function attributesOf(json: unknown, depth: number): WireAttributes {
  const attributes: Record<string, WireValue> = {}
  for (const entry of objects(json)) setOwn(attributes, textOf(entry['key']) ?? '', valueFrom(entry['value'], depth))
  return attributes
}

function valueFrom(json: unknown, depth: number): WireValue {
  checkDepth(depth)
  const value = object(json)
  if (typeof value['stringValue'] === 'string') return value['stringValue']
  if (typeof value['boolValue'] === 'boolean') return value['boolValue']
  if (value['intValue'] !== undefined) return integerValue(bigintOf(value['intValue']))
  if (value['doubleValue'] !== undefined) return numberValue(Number(value['doubleValue']))
  if (isObject(value['arrayValue']))
    return objects(value['arrayValue']['values']).map(each => valueFrom(each, depth + 1))
  if (isObject(value['kvlistValue'])) return attributesOf(value['kvlistValue']['values'], depth + 1)
  return textOf(value['bytesValue']) ?? null
}

function isObject(json: unknown): json is Json {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}

function object(json: unknown): Json {
  return isObject(json) ? json : NONE
}

/** A list's entries; what is no object is one without fields, so that the others keep their places. */
function objects(json: unknown): Json[] {
  return Array.isArray(json) ? json.map(object) : []
}

function textOf(json: unknown): string | undefined {
  return typeof json === 'string' ? json : undefined
}

function idOf(json: unknown): string {
  return typeof json === 'string' ? json.toLowerCase() : ''
}

/** 32-bit numbers, which some write as text. */
function numberOf(json: unknown): number | undefined {
  const number = typeof json === 'string' && json !== '' ? Number(json) : json
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}

/** 64-bit numbers; 0 for what is none. */
function bigintOf(json: unknown): bigint {
  if (typeof json === 'string' && /^-?\d{1,20}$/.test(json)) return BigInt(json)
  return typeof json === 'number' && Number.isFinite(json) ? BigInt(Math.trunc(json)) : 0n
}
