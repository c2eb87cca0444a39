import { type Span, type SpanTree, w3cTraceId } from '../../model/index.ts'
import { stringify, timesForPeople } from './span-fields.ts'
import { spanMembers } from './span-json.ts'

/** Characters of a line that are handed on at a time: a trace can be larger than the largest string. */
export const CHUNK: number = 1 << 20

/**
 * A trace as one line of JSON:
 *
 * `{ traceId, w3cTraceId, name, status, level, start, durationMs, late?, remote?, tags?, run?, root }`, and a span (`root`, and each of its
 * `children`) as
 * `{ id, parentId?, name, kind, status, level, start, durationMs?, startTime, endTime?, site?, attributes, messages,
 * exitError?, handledErrors, floating?, dropped?, calls?, slow?, queueDuration?, links?, references?, children }`.
 *
 * Names and shapes are those of `model/`. Times (`startTime`, `endTime`, `time` of a message) are decimal strings of
 * nanoseconds since the Unix epoch, durations in `calls` and `slow`, and `queueDuration`, of nanoseconds; `start` (ISO 8601) and `durationMs` (milliseconds, a number) say the same for people.
 * `site` is `{ id, name, functionKind, file, line, column }`.
 */
export function jsonLine(tree: SpanTree, more: object = {}): string {
  return [...jsonChunks(tree, more)].join('')
}

/** The line in pieces of about a mebibyte, without its line break; `more`: further fields of the trace. Does not recurse: trees can be deep. */
export function* jsonChunks(tree: SpanTree, more: object = {}): Generator<string> {
  let chunk = lineHead(tree, more)
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

/** The span up to its first child; what comes behind goes on the stack. */
function openSpan(span: Span, stack: (Span | string)[]): string {
  stack.push(']}')
  for (let i = span.children.length - 1; i >= 0; i--) {
    stack.push(span.children[i]!)
    if (i > 0) stack.push(',')
  }
  return `{${spanMembers(span, true)},"children":[`
}

/** The line up to the root. */
export function lineHead(tree: SpanTree, more: object = {}): string {
  return `${stringify({ ...traceFields(tree), ...more }).slice(0, -1)},"root":`
}

function traceFields({ traceId, root, late, remote }: SpanTree): object {
  const { name, status, level } = root
  return { traceId, w3cTraceId: w3c(traceId), name, status, level, ...timesForPeople(root), late, remote }
}

function w3c(traceId: string): string | undefined {
  try {
    return w3cTraceId(traceId)
  } catch {
    return undefined
  }
}
