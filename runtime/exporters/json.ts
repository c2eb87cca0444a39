import type { Writable } from 'node:stream'
import { durationOf, type Site, type Span, type SpanTree, w3cTraceId } from '../../model/index.ts'
import type { Exporter } from './exporter.ts'
import { type Output, outputTo } from './output.ts'

/** Characters of a line that are handed on at a time: a trace can be larger than the largest string. */
const CHUNK = 1 << 20

/**
 * A trace as one line of JSON:
 *
 * `{ traceId, w3cTraceId, name, status, level, start, durationMs, late?, remote?, root }`, and a span (`root`, and each of its
 * `children`) as
 * `{ id, parentId?, name, kind, status, level, start, durationMs?, startTime, endTime?, site?, attributes, messages,
 * exitError?, handledErrors, floating?, dropped?, calls?, slow?, queueDuration?, links?, references?, children }`.
 *
 * Names and shapes are those of `model/`. Times (`startTime`, `endTime`, `time` of a message) are decimal strings of
 * nanoseconds since the Unix epoch, durations in `calls` and `slow`, and `queueDuration`, of nanoseconds; `start` (ISO 8601) and `durationMs` (milliseconds, a number) say the same for people.
 * `site` is `{ id, name, functionKind, file, line, column }`.
 */
export function jsonLine(tree: SpanTree): string {
  return [...jsonChunks(tree)].join('')
}

/** The line in pieces of about a mebibyte, without its line break. Does not recurse: trees can be deep. */
export function* jsonChunks(tree: SpanTree): Generator<string> {
  let chunk = open(traceFields(tree), 'root')
  const stack: (Span | string)[] = ['}', tree.root]
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (typeof next === 'string') chunk += next
    else chunk += openSpan(next, stack)
    if (chunk.length < CHUNK) continue
    yield chunk
    chunk = ''
  }
  yield chunk
}

export interface JsonOptions {
  /** Where to; standard error unless told. */
  readonly stream?: Writable
}

/** Writes one line of JSON a trace. */
export function jsonExporter(options: JsonOptions = {}): JsonExporter {
  return new JsonExporter(options)
}

/** See `jsonExporter`. */
export class JsonExporter implements Exporter {
  readonly #output: Output

  constructor(options: JsonOptions = {}) {
    this.#output = outputTo(options.stream ?? process.stderr)
  }

  /** Traces that could not be written: the reader went away or did not keep up. */
  get dropped(): number {
    return this.#output.dropped
  }

  export(tree: SpanTree): void {
    const chunks = [...jsonChunks(tree)]
    chunks.push(`${chunks.pop()}\n`)
    this.#output.write(chunks)
  }

  flush(deadline: number): Promise<void> {
    return this.#output.flush(deadline)
  }

  flushSync(): void {
    this.#output.flushSync()
  }
}

/** The span up to its first child; what comes behind goes on the stack. */
function openSpan(span: Span, stack: (Span | string)[]): string {
  stack.push(']}')
  for (let i = span.children.length - 1; i >= 0; i--) {
    stack.push(span.children[i]!)
    if (i > 0) stack.push(',')
  }
  return `${open(spanFields(span), 'children')}[`
}

/** `{…,"key":`: the object is left open behind the key. */
function open(fields: object, key: string): string {
  return `${stringify(fields).slice(0, -1)},${JSON.stringify(key)}:`
}

function traceFields({ traceId, root, late, remote }: SpanTree): object {
  const { name, status, level } = root
  return { traceId, w3cTraceId: w3c(traceId), name, status, level, ...timesForPeople(root), late, remote }
}

function spanFields(span: Span): object {
  const { id, parentId, name, kind, status, level, startTime, endTime } = span
  const { site, attributes, messages, exitError, handledErrors, floating, dropped } = span
  const { calls, slow, queueDuration, links, references } = span
  const { start, durationMs } = timesForPeople(span)
  return {
    id,
    parentId,
    name,
    kind,
    status,
    level,
    start,
    durationMs,
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

function withoutBigInts(fields: object): object {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, plain(value)]))
}

function plain(value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}

/** Without `module`, which says where this machine keeps its files. */
function siteFields({ id, name, functionKind, file, line, column }: Site): object {
  return { id, name, functionKind, file, line, column }
}

function timesForPeople(span: Span): { start: string | undefined; durationMs: number | undefined } {
  const duration = durationOf(span)
  const start = new Date(Number(span.startTime / 1_000_000n))
  return {
    start: Number.isNaN(start.getTime()) ? undefined : start.toISOString(),
    durationMs: duration === undefined ? undefined : Number(duration) / 1e6,
  }
}

function w3c(traceId: string): string | undefined {
  try {
    return w3cTraceId(traceId)
  } catch {
    return undefined
  }
}

/** Line separators that JSON allows in strings and that some readers of lines take for the end of one. */
const SEPARATORS = /[\u0085\u2028\u2029]/g

function stringify(fields: object): string {
  const json = safely(fields)
  return SEPARATORS.test(json)
    ? json.replace(SEPARATORS, c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
    : json
}

/** Values were made safe when they were recorded; should one not be, the trace is worth more than that value. */
function safely(fields: object): string {
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
