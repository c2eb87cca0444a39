import type { Span, SpanTree } from '../../model/index.ts'
import { tagsText } from '../query/trace-rows.ts'
import type { TraceWriter } from './format.ts'
import { Lanes, type Placed } from './lanes.ts'

/**
 * The trace event format (https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU), which Perfetto and Chrome open. Each set of
 * tags is a process; times begin with the first trace, since microseconds since 1970 leave a double no room for nanoseconds.
 */
export function chromeTrace(base: bigint): TraceWriter {
  const processes = new Map<string, { readonly pid: number; readonly lanes: Lanes }>()
  return {
    head: `{"displayTimeUnit":"ns","metadata":{"begin":${JSON.stringify(String(base))}},"traceEvents":[\n`,
    *trace({ trees, summary: { tags } }, first) {
      const name = tagsText(tags)
      const known = processes.get(name)
      const of = known ?? { pid: processes.size + 1, lanes: new Lanes() }
      processes.set(name, of)
      const head = known ? [] : [{ ph: 'M', name: 'process_name', pid: of.pid, args: { name: name || 'span-tree' } }]
      const events = [...head, ...trees.flatMap(tree => eventsOf(tree, of.lanes, of.pid, base))]
      for (const [i, event] of events.entries()) yield `${first && i === 0 ? '' : ',\n'}${JSON.stringify(event)}`
    },
    tail: '\n]}\n',
  }
}

function eventsOf({ traceId, root }: SpanTree, lanes: Lanes, pid: number, base: bigint): object[] {
  return lanes.place(root).flatMap(placed => {
    const { span, lane, end } = placed
    const at = { pid, tid: lane + 1, ts: microseconds(span.startTime - base) }
    const took = microseconds(end - span.startTime)
    const call = { ph: 'X', name: span.name, cat: span.kind, ...at, dur: took, args: argumentsOf(span, traceId) }
    return [call, ...span.messages.map(message => instant(message, pid, lane, base)), ...arrow(placed, pid, base)]
  })
}

function argumentsOf({ id, parentId, status, site, attributes, exitError }: Span, traceId: string): object {
  return {
    trace: traceId,
    span: id,
    parent: parentId,
    status,
    ...(site && { at: `${site.file}:${site.line}:${site.column}` }),
    ...(Object.keys(attributes).length > 0 && { attributes }),
    ...(exitError && { error: `${exitError.type}: ${exitError.message}` }),
  }
}

function instant(
  { time, level, text, attributes }: Span['messages'][number],
  pid: number,
  lane: number,
  base: bigint,
): object {
  const args = { level, ...(Object.keys(attributes).length > 0 && { attributes }) }
  return { ph: 'i', s: 't', name: text, cat: 'message', pid, tid: lane + 1, ts: microseconds(time - base), args }
}

/** From a parent to a child that has a lane of its own. */
function arrow({ span, lane, parentLane }: Placed, pid: number, base: bigint): object[] {
  if (parentLane === undefined || parentLane === lane) return []
  const of = { name: 'calls', cat: 'calls', id: `0x${span.id}`, pid, ts: microseconds(span.startTime - base) }
  return [
    { ph: 's', ...of, tid: parentLane + 1 },
    { ph: 'f', bp: 'e', ...of, tid: lane + 1 },
  ]
}

function microseconds(nanoseconds: bigint): number {
  return Number(nanoseconds) / 1e3
}
