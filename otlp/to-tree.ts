import {
  type Attributes,
  type AttributeValue,
  type CallStatistics,
  type ErrorRecord,
  type ErrorReference,
  type FunctionKind,
  LEVELS,
  type Level,
  type Message,
  type MessageReference,
  type Site,
  type Span,
  type SpanLink,
  type SpanTree,
  traceIdOf,
  w3cTraceId,
} from '../model/index.ts'
import * as name from './conventions.ts'
import type { Group, WireAttributes, WireEvent, WireLink, WireLog, WireSpan } from './wire.ts'

type Draft = { -readonly [K in keyof Span]: Span[K] } & {
  messages: Message[]
  handledErrors: ErrorReference[]
  children: Span[]
}

export interface FromWire {
  /** Spans whose parent is not among them begin a tree each. */
  readonly trees: readonly SpanTree[]
  /** Spans without valid ids. */
  readonly rejected: number
}

/**
 * The trees of spans and of what was logged in them, ours or anybody's. A log record whose span is not among them is left out. Foreign
 * events become messages, and what `recordException` made of an error its record.
 */
export function treesOf(spans: readonly Group<WireSpan>[], logs: readonly Group<WireLog>[] = []): FromWire {
  const drafts = new Map<string, { draft: Draft; wire: WireSpan }>()
  let rejected = 0
  for (const wire of spans.flatMap(({ records }) => records)) {
    if (isId(wire.traceId, 32) && isId(wire.spanId, 16)) drafts.set(keyOf(wire), { draft: draftOf(wire), wire })
    else rejected++
  }
  for (const log of logs.flatMap(({ records }) => records)) {
    const found = log.traceId && log.spanId && drafts.get(`${log.traceId}-${log.spanId}`)
    if (found) addRecord(found.draft, recordOfLog(log))
  }
  return { trees: assemble(drafts), rejected }
}

type Drafts = ReadonlyMap<string, { readonly draft: Draft; readonly wire: WireSpan }>

function assemble(drafts: Drafts): SpanTree[] {
  const trees: SpanTree[] = []
  const breakers = breakersOfCircles(drafts)
  for (const { draft, wire } of drafts.values()) {
    const parent = parentIn(drafts, draft, wire)
    if (parent === undefined || breakers.has(draft)) trees.push(treeOf(draft, wire))
    else parent.children.push(draft)
  }
  for (const { draft } of drafts.values()) draft.children.sort(byStart)
  return trees
}

function parentIn(drafts: Drafts, { parentId }: Draft, { traceId }: WireSpan): Draft | undefined {
  return parentId === undefined ? undefined : drafts.get(`${traceId}-${parentId}`)?.draft
}

/** Of spans whose parents lead back to themselves, as only wrong ids can, one a circle: it begins a tree, so that none is lost. */
function breakersOfCircles(drafts: Drafts): ReadonlySet<Draft> {
  const breakers = new Set<Draft>()
  const settled = new Set<Draft>()
  for (const { draft, wire } of drafts.values()) {
    const path = new Set<Draft>()
    let at: Draft | undefined = draft
    while (at !== undefined && !settled.has(at) && !path.has(at)) {
      path.add(at)
      at = parentIn(drafts, at, wire)
    }
    if (at !== undefined && path.has(at)) breakers.add(at)
    for (const each of path) settled.add(each)
  }
  return breakers
}

function treeOf(root: Span, { traceId, startTime, flags = 0, attributes }: WireSpan): SpanTree {
  return {
    traceId: ksuidIn(attributes, traceId) ?? traceIdOf(traceId, Number(startTime / 1_000_000n)),
    root,
    ...(attributes[name.LATE] === true && { late: true }),
    ...((flags & name.REMOTE) !== 0 && { remote: true }),
  }
}

function ksuidIn(attributes: WireAttributes, traceId: string): string | undefined {
  const ksuid = attributes[name.TRACE_ID]
  try {
    return typeof ksuid === 'string' && ksuid.length === 27 && w3cTraceId(ksuid) === traceId ? ksuid : undefined
  } catch {
    return undefined
  }
}

function draftOf(wire: WireSpan): Draft {
  const { attributes: all, parentSpanId, status } = wire
  const isRunning = all[name.STATUS] === 'started'
  const site = siteOf(all)
  const draft: Draft = {
    id: wire.spanId,
    name: wire.name,
    kind: name.KINDS[wire.kind] ?? 'internal',
    startTime: wire.startTime,
    status: isRunning ? 'started' : status.code === name.ERROR ? 'failed' : 'succeeded',
    level: levelNamed(all[name.LEVEL]) ?? 'info',
    attributes: furtherAttributes(all, site !== undefined),
    messages: [],
    handledErrors: [],
    children: [],
  }
  if (parentSpanId !== undefined && isId(parentSpanId, 16)) draft.parentId = parentSpanId
  if (!isRunning) draft.endTime = wire.endTime
  if (site !== undefined) draft.site = site
  addOwn(draft, all)
  if (wire.links.length > 0) draft.links = wire.links.map(linkOf)
  for (const event of wire.events) addRecord(draft, recordOfEvent(event, status.code === name.ERROR))
  if (status.message !== undefined && status.message !== draft.exitError?.message) {
    draft.attributes = { ...draft.attributes, [name.STATUS_TEXT]: status.message }
  }
  return draft
}

function addOwn(draft: Draft, all: WireAttributes): void {
  const reference = entries(all[name.EXIT_ERROR])
  if (reference !== undefined) {
    draft.exitError = {
      kind: 'reference',
      spanId: text(reference['span_id']),
      type: text(reference['type']),
      message: text(reference['message']),
    }
    draft.attributes = withoutErrorType(draft.attributes, draft.exitError.type)
  }
  if (all[name.FLOATING] === true) draft.floating = true
  if (typeof all[name.DROPPED] === 'number') draft.dropped = all[name.DROPPED]
  if (all[name.QUEUED] !== undefined) draft.queueDuration = nanoseconds(all[name.QUEUED])
  if (Array.isArray(all[name.REFERENCES])) draft.references = referencesOf(all[name.REFERENCES])
  if (all[`${name.CALLS}count`] !== undefined) draft.calls = callsOf(all)
  if (all[`${name.SLOW}p50`] !== undefined) {
    draft.slow = { p50: nanoseconds(all[`${name.SLOW}p50`]), p99: nanoseconds(all[`${name.SLOW}p99`]) }
  }
}

function callsOf(all: WireAttributes): CallStatistics {
  const figure = (key: string): bigint => nanoseconds(all[name.CALLS + key])
  return {
    count: Number(figure('count')),
    failed: Number(figure('failed')),
    total: figure('total'),
    min: figure('min'),
    max: figure('max'),
    p50: figure('p50'),
    p99: figure('p99'),
    ...(all[`${name.CALLS}queueMax`] !== undefined && { queueMax: figure('queueMax') }),
  }
}

function referencesOf(list: readonly unknown[]): MessageReference[] {
  return list.map(each => {
    const { id, role } = (entries(each) ?? {}) as Record<string, unknown>
    return { id: text(id), role: role === 'destination' ? 'destination' : 'source' }
  })
}

function siteOf(all: WireAttributes): Site | undefined {
  const [file, line] = [all['code.file.path'], all['code.line.number']]
  if (typeof file !== 'string' || typeof line !== 'number') return undefined
  const [column, functionName] = [all['code.column.number'], text(all['code.function.name'])]
  const parameters = all[name.PARAMETERS]
  return {
    id: text(all[name.SITE_ID]) || `${file}#${functionName || line}`,
    name: functionName,
    functionKind: (text(all[name.FUNCTION_KIND]) || 'function') as FunctionKind,
    file,
    line,
    column: typeof column === 'number' ? column : 1,
    parameters: Array.isArray(parameters) ? parameters.map(text) : [],
    options: {},
  }
}

const SITE_NAMES = ['code.function.name', 'code.file.path', 'code.line.number', 'code.column.number']

/** Those that have no place of their own in the model. */
function furtherAttributes(all: WireAttributes, hasSite: boolean): Attributes {
  return Object.fromEntries(
    Object.entries(all).filter(([key]) => !key.startsWith(name.OWN) && !(hasSite && SITE_NAMES.includes(key))),
  ) as Attributes
}

/** A log record, or an event. */
interface Said extends Message {
  readonly eventName: string
  readonly all: WireAttributes
  /** Whether the error that it tells of left the span. */
  readonly left: boolean
}

function recordOfLog({ time, observedTime, severity, body, attributes, eventName = '' }: WireLog): Said {
  const level = name.levelOf(severity)
  const said = typeof body === 'string' ? body : body === null ? eventName : JSON.stringify(body)
  return saidAt(time || observedTime, level, said, eventName, attributes, attributes[name.LEFT] === true)
}

function recordOfEvent({ time, name: title, attributes }: WireEvent, failed: boolean): Said {
  const isOurs = attributes[name.LEVEL] !== undefined
  const isException = title === name.EXCEPTION
  const level = levelNamed(attributes[name.LEVEL]) ?? (isException ? 'error' : 'info')
  const left = isOurs ? attributes[name.LEFT] === true : isException && failed
  const isNamed = attributes[name.TEXT] !== undefined || isException
  const said = attributes[name.TEXT] ?? (isException ? attributes['exception.message'] : title)
  return saidAt(time, level, text(said), isNamed ? title : '', attributes, left)
}

function saidAt(time: bigint, level: Level, said: string, eventName: string, all: WireAttributes, left: boolean): Said {
  const kept = Object.entries(all).filter(([key]) => !key.startsWith(name.OWN) && !isOfError(key, eventName))
  const attributes = Object.fromEntries(kept) as Attributes
  return { time, level, text: said, logger: text(all[name.LOGGER]), attributes, eventName, all, left }
}

function isOfError(key: string, eventName: string): boolean {
  return (eventName === name.EXCEPTION || eventName === name.HANDLED) && key.startsWith('exception.')
}

function addRecord(draft: Draft, { eventName, all, left, ...message }: Said): void {
  if (eventName === name.HANDLED) draft.handledErrors.push(referenceOf(all))
  else if (eventName !== name.EXCEPTION) draft.messages.push(message)
  else if (left) setExitError(draft, errorOf(all))
  else draft.messages.push({ ...message, error: errorOf(all) })
}

function setExitError(draft: Draft, error: ErrorRecord): void {
  draft.exitError = error
  const { [name.STATUS_TEXT]: status, ...attributes } = withoutErrorType(draft.attributes, error.type)
  draft.attributes = status === undefined || status === error.message ? attributes : draft.attributes
}

function withoutErrorType(attributes: Attributes, type: string): Attributes {
  const { 'error.type': given, ...rest } = attributes
  return given === type ? rest : attributes
}

function referenceOf(all: WireAttributes): ErrorReference {
  return {
    kind: 'reference',
    spanId: text(all[name.ERROR_SPAN]),
    type: text(all['exception.type']),
    message: text(all['exception.message']),
  }
}

function errorOf(all: WireAttributes): ErrorRecord {
  const [stack, cause, errors] = [all['exception.stacktrace'], entries(all[name.ERROR_CAUSE]), all[name.ERROR_ERRORS]]
  const parameters = entries(all[name.ERROR_ARGUMENTS])
  return {
    kind: 'error',
    type: text(all['exception.type']),
    message: text(all['exception.message']),
    ...(typeof stack === 'string' && { stack }),
    attributes: (entries(all[name.ERROR_ATTRIBUTES]) ?? {}) as Attributes,
    ...(cause && { cause: errorOf(cause) }),
    ...(Array.isArray(errors) && { errors: errors.map(each => errorOf(entries(each) ?? {})) }),
    ...(parameters && { arguments: parameters as Attributes }),
  }
}

function linkOf({ traceId, spanId, attributes }: WireLink): SpanLink {
  const further = furtherAttributes(attributes, false)
  const ksuid = ksuidIn(attributes, traceId)
  return { traceId: ksuid ?? traceId, spanId, ...(Object.keys(further).length > 0 && { attributes: further }) }
}

function keyOf({ traceId, spanId }: WireSpan): string {
  return `${traceId}-${spanId}`
}

function isId(id: string, length: number): boolean {
  return id.length === length && /^[0-9a-f]+$/.test(id) && !/^0+$/.test(id)
}

function levelNamed(level: unknown): Level | undefined {
  return LEVELS.find(each => each === level)
}

function entries(value: unknown): { readonly [name: string]: AttributeValue } | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Attributes) : undefined
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value)
}

/** Integers that a number cannot hold were read as text. */
function nanoseconds(value: unknown): bigint {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value)
  return typeof value === 'string' && /^-?\d+$/.test(value) ? BigInt(value) : 0n
}

function byStart(a: Span, b: Span): number {
  return a.startTime < b.startTime ? -1 : a.startTime > b.startTime ? 1 : 0
}
