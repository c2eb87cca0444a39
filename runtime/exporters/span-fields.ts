import { durationOf, plain, type Site, type Span, withoutBigInts } from '../../model/index.ts'

/** What JSON says of a span, without its children; `forPeople`: with its times said a second time. */
export function spanFields(span: Span, forPeople: boolean): object {
  const { id, parentId, name, kind, status, level, startTime, endTime } = span
  const { site, attributes, messages, exitError, handledErrors, floating, dropped } = span
  const { calls, slow, queueDuration, links, references } = span
  return {
    id,
    parentId,
    name,
    kind,
    status,
    level,
    ...(forPeople && timesForPeople(span)),
    startTime: String(startTime),
    endTime: endTime === undefined ? undefined : String(endTime),
    site: site && siteFields(site),
    attributes,
    messages: messages.map(message => ({ ...message, time: String(message.time) })),
    exitError,
    handledErrors,
    floating,
    dropped,
    calls: calls && withoutBigInts(calls),
    slow: slow && withoutBigInts(slow),
    queueDuration: queueDuration === undefined ? undefined : String(queueDuration),
    links,
    references,
  }
}

/** Without `module`, which says where this machine keeps its files. */
export function siteFields({ id, name, functionKind, file, line, column }: Site): object {
  return { id, name, functionKind, file, line, column }
}

export function timesForPeople(span: Span): { start: string | undefined; durationMs: number | undefined } {
  const duration = durationOf(span)
  const start = new Date(Number(span.startTime / 1_000_000n))
  return {
    start: Number.isNaN(start.getTime()) ? undefined : start.toISOString(),
    durationMs: duration === undefined ? undefined : Number(duration) / 1e6,
  }
}

/** Line separators that JSON allows in strings and that some readers of lines take for the end of one. */
const SEPARATORS = /[\u0085\u2028\u2029]/g

/** JSON on one line, whatever reads it. */
export function stringify(fields: object | string): string {
  const json = safely(fields)
  return SEPARATORS.test(json)
    ? json.replace(SEPARATORS, c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
    : json
}

/** Values were made safe when they were recorded; should one not be, the trace is worth more than that value. */
function safely(fields: object | string): string {
  try {
    // Without a replacer, which would take the engine off its fast path: three times the price.
    return JSON.stringify(fields)
  } catch {
    return JSON.stringify(Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, orMark(value)])))
  }
}

function orMark(value: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(value, writeBigInt) ?? 'null')
  } catch {
    return '[cannot be written as JSON]'
  }
}

function writeBigInt(_: string, value: unknown): unknown {
  return plain(value)
}
