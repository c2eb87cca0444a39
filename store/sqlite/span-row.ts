import type { SQLInputValue } from 'node:sqlite'
import {
  type Attributes,
  type CallStatistics,
  type Message,
  type Site,
  type SlowMark,
  type Span,
  type Written,
  withoutBigInts,
} from '../../model/index.ts'
import type { SpanRecord } from '../span-record.ts'
import { decodeFlags, decodeSpanId, encodeFlags, encodeSpanId } from './codes.ts'

/** In this order. */
export const SPAN_COLUMNS = [
  'trace',
  'id',
  'rev',
  'parent',
  'place',
  'start',
  'duration',
  'flags',
  'body',
  'tagset',
] as const

export interface SpanRow {
  readonly id: bigint
  readonly rev: bigint
  readonly parent: bigint | null
  readonly start: bigint
  readonly duration: bigint | null
  readonly flags: bigint
  readonly body: string | null
  readonly place: string
}

/** What spans of a function have in common, as it is kept. */
interface Place {
  readonly name: string
  readonly site?: Omit<Site, 'parameters' | 'options' | 'module'>
}

/** `values`: gets those of the row. */
export function addSpanRow(
  values: SQLInputValue[],
  { trace, place, tagset }: Readonly<Record<'trace' | 'place' | 'tagset', number>>,
  span: SpanRecord,
  id: bigint,
): void {
  const { rev, parentId, startTime, endTime } = span
  values.push(
    trace,
    id,
    rev,
    parentId === undefined ? null : encodeSpanId(parentId),
    place,
    startTime,
    endTime === undefined ? null : endTime - startTime,
    encodeFlags(span),
    bodyOf(span),
    tagset,
  )
}

export function spanOf(traceId: string, row: SpanRow): SpanRecord {
  const { id, rev, parent, start, duration, flags, body, place } = row
  const { name, site } = JSON.parse(place) as Place
  return {
    traceId,
    id: decodeSpanId(id),
    rev,
    ...(parent !== null && { parentId: decodeSpanId(parent) }),
    name,
    ...(site !== undefined && { site: { ...site, parameters: [], options: {} } }),
    startTime: start,
    ...(duration !== null && { endTime: start + duration }),
    ...decodeFlags(Number(flags)),
    ...fieldsOf(body),
  }
}

/** By what places are told apart; cheaper than the place itself. */
export function placeKey({ name, site }: SpanRecord): string {
  if (site === undefined) return name
  return `${name}\n${site.id}\n${site.file}:${site.line}:${site.column}\n${site.functionKind}\n${site.name}`
}

export function placeText({ name, site }: SpanRecord): string {
  if (site === undefined) return JSON.stringify({ name })
  const { id, functionKind, file, line, column } = site
  return JSON.stringify({ name, site: { id, name: site.name, functionKind, file, line, column } })
}

/** What few spans have, as JSON; null for those that have none of it. Bigints are decimal texts in it. */
function bodyOf(span: SpanRecord): string | null {
  const { attributes, messages, exitError, handledErrors, dropped, calls, slow, queueDuration, links, references } =
    span
  const hasAttributes = !isEmpty(attributes)
  const hasRare = dropped ?? calls ?? slow ?? queueDuration ?? links ?? references
  if (!hasAttributes && messages.length === 0 && !exitError && handledErrors.length === 0 && hasRare === undefined)
    return null
  return JSON.stringify({
    attributes: hasAttributes ? attributes : undefined,
    messages: messages.length > 0 ? messages.map(message => ({ ...message, time: String(message.time) })) : undefined,
    exitError,
    handledErrors: handledErrors.length > 0 ? handledErrors : undefined,
    dropped,
    calls: calls && withoutBigInts(calls),
    slow: slow && withoutBigInts(slow),
    queueDuration: queueDuration === undefined ? undefined : String(queueDuration),
    links,
    references,
  })
}

type Fields = Pick<Span, 'attributes' | 'messages' | 'handledErrors'> & Partial<Span>

interface Body extends Partial<Omit<Span, 'messages' | 'calls' | 'slow' | 'queueDuration' | 'children'>> {
  readonly messages?: readonly Written<Message>[]
  readonly calls?: Written<CallStatistics>
  readonly slow?: Written<SlowMark>
  readonly queueDuration?: string
}

function fieldsOf(body: string | null): Fields {
  if (body === null) return { attributes: {}, messages: [], handledErrors: [] }
  const {
    attributes = {},
    messages = [],
    handledErrors = [],
    calls,
    slow,
    queueDuration,
    ...rest
  } = JSON.parse(body) as Body
  return {
    ...rest,
    attributes,
    messages: messages.map(message => ({ ...message, time: BigInt(message.time) }) as Message),
    handledErrors,
    ...(calls !== undefined && { calls: callsOf(calls) }),
    ...(slow !== undefined && { slow: { p50: BigInt(slow.p50), p99: BigInt(slow.p99) } }),
    ...(queueDuration !== undefined && { queueDuration: BigInt(queueDuration) }),
  }
}

function callsOf(written: Written<CallStatistics>): CallStatistics {
  const { count, failed, total, min, max, p50, p99, queueMax } = written
  const big = { total: BigInt(total), min: BigInt(min), max: BigInt(max), p50: BigInt(p50), p99: BigInt(p99) }
  return { count, failed, ...big, ...(queueMax !== undefined && { queueMax: BigInt(queueMax) }) }
}

function isEmpty(attributes: Attributes): boolean {
  for (const _ in attributes) return false
  return true
}
