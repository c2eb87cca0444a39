import {
  type Attributes,
  type CallStatistics,
  type ErrorRecord,
  type ErrorReference,
  LEVELS,
  type Level,
  type Message,
  type MessageReference,
  type Site,
  type SpanKind,
  type SpanLink,
  type Status,
} from '../model/index.ts'
import type { SpanRecord } from '../store/span-record.ts'
import { FUNCTION_KINDS, KINDS, MAX_DEPTH, STATUSES } from './span-schema.ts'

type Json = Readonly<Record<string, unknown>>

/**
 * Spans come in by the ten thousand a second, and a library takes as long to look at one as SQLite to keep it. This reads those that are
 * well-formed; what is wrong with the others `span-schema.ts` says. A test holds the two to the same judgement.
 */
export function readSpan(json: unknown): SpanRecord | undefined {
  try {
    return span(object(json))
  } catch (error) {
    if (error === MALFORMED) return undefined
    throw error
  }
}

const MALFORMED: unique symbol = Symbol('malformed')
const NONE: never[] = []

type Draft = { -readonly [K in keyof SpanRecord]: SpanRecord[K] }

/** Fields that few spans have are set one by one: to spread an object for each took as long as all the rest. */
function span(json: Json): SpanRecord {
  const { kind, level, parentId, endTime, site: place, exitError } = json
  const record: Draft = {
    traceId: text(json['traceId']),
    rev: natural(json['rev']),
    id: text(json['id']),
    name: text(json['name']),
    kind: kind === undefined ? 'internal' : one<SpanKind>(KINDS, kind),
    status: one<Status>(STATUSES, json['status']),
    level: level === undefined ? 'info' : one<Level>(LEVELS, level),
    startTime: natural(json['startTime']),
    attributes: attributes(json['attributes'] ?? {}),
    messages: list(json['messages'] ?? NONE, message),
    handledErrors: list(json['handledErrors'] ?? NONE, reference),
  }
  if (parentId !== undefined) record.parentId = text(parentId)
  if (endTime !== undefined) record.endTime = natural(endTime)
  if (place !== undefined) record.site = site(object(place))
  if (exitError !== undefined) record.exitError = errorOrReference(object(exitError))
  addRare(record, json)
  return record
}

function addRare(record: Draft, json: Json): void {
  const { floating, dropped, calls, slow, queueDuration, links, references, late, remote } = json
  if (floating !== undefined) record.floating = boolean(floating)
  if (dropped !== undefined) record.dropped = count(dropped)
  if (calls !== undefined) record.calls = statistics(object(calls))
  if (slow !== undefined) record.slow = slowMark(object(slow))
  if (queueDuration !== undefined) record.queueDuration = natural(queueDuration)
  if (links !== undefined) record.links = list(links, link)
  if (references !== undefined) record.references = list(references, messageReference)
  if (late !== undefined) record.late = boolean(late)
  if (remote !== undefined) record.remote = boolean(remote)
}

const NO_OPTIONS: Site['options'] = Object.freeze({})

function site(json: Json): Site {
  return {
    id: text(json['id']),
    name: text(json['name']),
    functionKind: one(FUNCTION_KINDS, json['functionKind']),
    file: text(json['file']),
    line: count(json['line']),
    column: count(json['column']),
    parameters: NONE,
    options: NO_OPTIONS,
  }
}

function message(json: Json): Message {
  const { error, logger } = json
  const read = {
    time: natural(json['time']),
    level: one<Level>(LEVELS, json['level']),
    text: text(json['text']),
    logger: text(logger ?? ''),
    attributes: attributes(json['attributes'] ?? {}),
  }
  return error === undefined ? read : { ...read, error: errorRecord(object(error), 0) }
}

function errorOrReference(json: Json): ErrorRecord | ErrorReference {
  return json['kind'] === 'reference' ? reference(json) : errorRecord(json, 0)
}

function errorRecord(json: Json, depth: number): ErrorRecord {
  if (json['kind'] !== 'error' || depth > MAX_DEPTH) throw MALFORMED
  const { stack, cause, errors, arguments: given } = json
  return {
    kind: 'error',
    type: text(json['type']),
    message: text(json['message']),
    ...(stack !== undefined && { stack: text(stack) }),
    attributes: attributes(json['attributes'] ?? {}),
    ...(cause !== undefined && { cause: errorRecord(object(cause), depth + 1) }),
    ...(errors !== undefined && { errors: list(errors, each => errorRecord(each, depth + 1)) }),
    ...(given !== undefined && { arguments: attributes(given) }),
  }
}

function reference(json: Json): ErrorReference {
  if (json['kind'] !== 'reference') throw MALFORMED
  return { kind: 'reference', spanId: text(json['spanId']), type: text(json['type']), message: text(json['message']) }
}

function statistics(json: Json): CallStatistics {
  return {
    count: count(json['count']),
    failed: count(json['failed']),
    total: natural(json['total']),
    min: natural(json['min']),
    max: natural(json['max']),
    p50: natural(json['p50']),
    p99: natural(json['p99']),
    ...(json['queueMax'] !== undefined && { queueMax: natural(json['queueMax']) }),
  }
}

function slowMark(json: Json): { p50: bigint; p99: bigint } {
  return { p50: natural(json['p50']), p99: natural(json['p99']) }
}

function link(json: Json): SpanLink {
  const given = json['attributes']
  return {
    traceId: text(json['traceId']),
    spanId: text(json['spanId']),
    ...(given !== undefined && { attributes: attributes(given) }),
  }
}

function messageReference(json: Json): MessageReference {
  return { id: text(json['id']), role: one(['source', 'destination'], json['role']) }
}

function object(json: unknown): Json {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw MALFORMED
  return json as Json
}

function list<T>(json: unknown, read: (json: Json) => T): readonly T[] {
  if (!Array.isArray(json)) throw MALFORMED
  return json.length === 0 ? NONE : json.map(each => read(object(each)))
}

function attributes(json: unknown): Attributes {
  const given = object(json)
  for (const name in given) checkDepth(given[name], 1)
  return given as Attributes
}

function checkDepth(value: unknown, depth: number): void {
  if (typeof value !== 'object' || value === null) return
  if (depth > MAX_DEPTH) throw MALFORMED
  for (const each of Array.isArray(value) ? value : Object.values(value)) checkDepth(each, depth + 1)
}

function text(json: unknown): string {
  if (typeof json !== 'string') throw MALFORMED
  return json
}

function boolean(json: unknown): boolean {
  if (typeof json !== 'boolean') throw MALFORMED
  return json
}

function count(json: unknown): number {
  if (!Number.isSafeInteger(json) || (json as number) < 0) throw MALFORMED
  return json as number
}

function one<T extends string>(known: readonly T[], json: unknown): T {
  if (!known.includes(json as T)) throw MALFORMED
  return json as T
}

/** Nanoseconds and revisions: up to 2⁶³, which a double cannot hold. */
function natural(json: unknown): bigint {
  if (typeof json !== 'string' || json.length > 19 || !DIGITS.test(json)) throw MALFORMED
  return BigInt(json)
}

const DIGITS = /^\d+$/
