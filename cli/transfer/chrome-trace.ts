import type { Message, Span, SpanTree } from '../../model/index.ts'
import { tagsText } from '../query/trace-rows.ts'
import type { TraceWriter } from './format.ts'
import { Lanes, type Placed } from './lanes.ts'
import { microsecondsOf, nanosecondsOf } from './microseconds.ts'
import { restOf, restOfSite, timesBeside } from './span-rest.ts'

/**
 * The trace event format (https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU), which Perfetto and Chrome open. Each set of
 * tags is a process; times begin with the first trace, since microseconds since 1970 leave a double no room for nanoseconds. `args` say what else
 * is known of a span, so that `profiles/own-events.ts` makes it anew.
 */
export function chromeTrace(base: bigint): TraceWriter {
  const processes = new Map<string, { readonly pid: number; readonly lanes: Lanes }>()
  return {
    head: `{"displayTimeUnit":"ns","metadata":{"exporter":"span-tree","begin":"${base}"},"traceEvents":[\n`,
    *trace({ trees, summary: { tags } }, first) {
      const key = JSON.stringify(tags)
      const known = processes.get(key)
      const of = known ?? { pid: processes.size + 1, lanes: new Lanes() }
      processes.set(key, of)
      const head = known ? [] : [processName(of.pid, tags)]
      const events = [...head, ...trees.flatMap(tree => eventsOf(tree, of.lanes, of.pid, base))]
      for (const [i, event] of events.entries()) yield `${first && i === 0 ? '' : ',\n'}${JSON.stringify(event)}`
    },
    tail: '\n]}\n',
  }
}

function processName(pid: number, tags: Readonly<Record<string, string>>): object {
  return { ph: 'M', name: 'process_name', pid, args: { name: tagsText(tags) || 'span-tree', tags } }
}

function eventsOf(tree: SpanTree, lanes: Lanes, pid: number, base: bigint): object[] {
  return lanes.place(tree.root).flatMap(placed => {
    const { span, lane } = placed
    const messages = span.messages.map(message => instant(message, span, tree, { pid, tid: lane + 1 }, base))
    return [call(placed, tree, pid, base), ...messages, ...arrow(placed, pid, base)]
  })
}

function call({ span, lane, end }: Placed, tree: SpanTree, pid: number, base: bigint): object {
  const { id, parentId, name, kind, site, exitError, startTime } = span
  const [ts, dur] = [microsecondsOf(startTime - base), microsecondsOf(end - startTime)]
  const isExact = nanosecondsOf(ts) === startTime - base && nanosecondsOf(dur) === end - startTime
  const args = {
    trace: tree.traceId,
    span: id,
    parent: parentId,
    ...(site && { at: `${site.file}:${site.line}:${site.column}`, site: restOfSite(site) }),
    ...(exitError && { error: `${exitError.type}: ${exitError.message}` }),
    ...restOf(span, tree),
    ...timesBeside(isExact, startTime, end),
  }
  return { ph: 'X', name, cat: kind, pid, tid: lane + 1, ts, dur, args }
}

function instant(
  { time, level, text, logger, attributes, error }: Message,
  { id }: Span,
  { traceId }: SpanTree,
  at: { readonly pid: number; readonly tid: number },
  base: bigint,
): object {
  const ts = microsecondsOf(time - base)
  const args = {
    trace: traceId,
    span: id,
    level,
    ...(logger !== '' && { logger }),
    ...(Object.keys(attributes).length > 0 && { attributes }),
    ...(error && { error }),
    ...(nanosecondsOf(ts) !== time - base && { time: String(time) }),
  }
  return { ph: 'i', s: 't', name: text, cat: 'message', ...at, ts, args }
}

/** From a parent to a child that has a lane of its own. */
function arrow({ span, lane, parentLane }: Placed, pid: number, base: bigint): object[] {
  if (parentLane === undefined || parentLane === lane) return []
  const of = { name: 'calls', cat: 'calls', id: `0x${span.id}`, pid, ts: microsecondsOf(span.startTime - base) }
  return [
    { ph: 's', ...of, tid: parentLane + 1 },
    { ph: 'f', bp: 'e', ...of, tid: lane + 1 },
  ]
}
