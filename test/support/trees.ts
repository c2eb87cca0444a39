import {
  type Attributes,
  type ErrorRecord,
  type ErrorReference,
  type Level,
  type Message,
  newTraceId,
  type Site,
  type Span,
  type SpanTree,
} from '../../model/index.ts'

/** Nanoseconds since the epoch at which trees of tests begin: 2026-11-22T15:00:00Z. */
export const EPOCH = 1_795_359_600_000_000_000n

export interface SpanSketch extends Partial<Omit<Span, 'startTime' | 'endTime' | 'children' | 'messages' | 'site'>> {
  /** Milliseconds after the root's start; 0 unless told. */
  readonly at?: number
  /** Milliseconds; 1 unless told, `null` while it runs. */
  readonly ms?: number | null
  /** `file:line:column` of the site; none with `null`, one made of the name unless told. */
  readonly site?: string | null
  readonly module?: string
}

export type Part = Span | Message

let ids = 0

/** A span whose parts (spans and messages) are given in any order: `span('charge', { at: 3, ms: 10 }, span('call'))`. */
export function span(name: string, sketch: SpanSketch = {}, ...parts: readonly Part[]): Span {
  const { at = 0, ms = 1, site, module, ...rest } = sketch
  const startTime = EPOCH + nanoseconds(at)
  const place = site === null ? undefined : siteOf(name, site ?? 'src/order.ts:1:1', module)
  return {
    id: (++ids).toString(16).padStart(16, '0'),
    name,
    kind: 'internal',
    ...(place && { site: place }),
    startTime,
    ...(ms !== null && { endTime: startTime + nanoseconds(ms) }),
    status: ms === null ? 'started' : rest.exitError ? 'failed' : 'succeeded',
    level: 'info',
    attributes: {},
    messages: parts.filter(part => !('children' in part)) as Message[],
    handledErrors: [],
    children: parts.filter(part => 'children' in part) as Span[],
    ...rest,
  }
}

export function message(text: string, at = 0, rest: Partial<Message> = {}): Message {
  return { time: EPOCH + nanoseconds(at), level: 'info', text, logger: 'test', attributes: {}, ...rest }
}

export function said(level: Level, text: string, at = 0, attributes: Attributes = {}): Message {
  return message(text, at, { level, attributes })
}

export function error(type: string, text: string, rest: Partial<ErrorRecord> = {}): ErrorRecord {
  return { kind: 'error', type, message: text, attributes: {}, ...rest }
}

/** A reference to the error that left `origin`. */
export function crossing(origin: Span): ErrorReference {
  const { type, message } = origin.exitError!
  return { kind: 'reference', spanId: origin.id, type, message }
}

export function tree(root: Span, rest: Partial<SpanTree> = {}): SpanTree {
  return { traceId: newTraceId(Number(EPOCH / 1_000_000n)), root, ...rest }
}

function nanoseconds(milliseconds: number): bigint {
  return BigInt(Math.round(milliseconds * 1e6))
}

function siteOf(name: string, place: string, module: string | undefined): Site {
  const [file = '', line = '1', column = '1'] = place.split(':')
  const position = { file, line: Number(line), column: Number(column) }
  return {
    id: `${file}#${name}`,
    name,
    functionKind: 'function',
    ...position,
    parameters: [],
    options: {},
    ...(module !== undefined && { module }),
  }
}
