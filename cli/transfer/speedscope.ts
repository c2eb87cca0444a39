import type { Site, Span, SpanTree } from '../../model/index.ts'
import type { TraceWriter } from './format.ts'
import { Lanes, type Placed } from './lanes.ts'
import { restOf, restOfSite, timesBeside } from './span-rest.ts'

const SCHEMA = 'https://www.speedscope.app/file-format-schema.json'

interface Frame {
  readonly name: string
  readonly file?: string
  readonly line?: number
  readonly col?: number
  /** What else is known of the function; speedscope does not look at it. */
  readonly site?: object
}

/**
 * speedscope's format (https://github.com/jlfwong/speedscope/wiki/Importing-from-custom-sources): a profile for each lane of each tree. `spanTree`,
 * which speedscope does not look at, says the rest, so that `profiles/import-speedscope.ts` makes the spans anew.
 */
export function speedscope(): TraceWriter {
  const frames = new Map<string, { readonly index: number; readonly frame: Frame }>()
  const indexOf = (span: Span): number => {
    const frame = frameOf(span.name, span.site)
    const key = JSON.stringify(frame)
    const known = frames.get(key) ?? { index: frames.size, frame }
    frames.set(key, known)
    return known.index
  }
  return {
    head: `{"$schema":${JSON.stringify(SCHEMA)},"exporter":"span-tree","profiles":[\n`,
    *trace({ trees, summary: { tags } }, first) {
      const profiles = trees.flatMap(tree => profilesOf(tree, tags, indexOf))
      for (const [i, profile] of profiles.entries()) yield `${first && i === 0 ? '' : ',\n'}${JSON.stringify(profile)}`
    },
    // What it says is known when all traces are written.
    get tail(): string {
      return `\n],"shared":{"frames":${JSON.stringify(Array.from(frames.values(), ({ frame }) => frame))}}}\n`
    },
  }
}

function frameOf(name: string, site: Site | undefined): Frame {
  return site ? { name, file: site.file, line: site.line, col: site.column, site: restOfSite(site) } : { name }
}

function profilesOf(tree: SpanTree, tags: Readonly<Record<string, string>>, indexOf: (span: Span) => number): object[] {
  const { traceId, root } = tree
  const byLane = Map.groupBy(new Lanes().place(root), ({ lane }) => lane)
  return [...byLane].map(([lane, placed]) => {
    const inOrder = [...placed].sort((a, b) => compare(a.span.startTime, b.span.startTime) || compare(b.end, a.end))
    const events = laneEvents(inOrder, root.startTime, indexOf)
    const endValue = events.reduce((last, { at }) => Math.max(last, at), 0)
    const name = `${root.name} ${traceId}${lane > 0 ? ` (${lane + 1})` : ''}`
    const spans = inOrder.map(each => recordOf(each, tree))
    const spanTree = { trace: traceId, tags, begin: String(root.startTime), spans }
    return { type: 'evented', name, unit: 'nanoseconds', startValue: 0, endValue, events, spanTree }
  })
}

/** In the order in which they are opened, which says their frames and times. */
function recordOf({ span, end }: Placed, tree: SpanTree): object {
  const { id, parentId, startTime, messages } = span
  const isExact = [startTime, end].every(time => Number.isSafeInteger(Number(time - tree.root.startTime)))
  return {
    id,
    parentId,
    ...restOf(span, tree),
    ...(messages.length > 0 && { messages: messages.map(message => ({ ...message, time: String(message.time) })) }),
    ...timesBeside(isExact, startTime, end),
  }
}

interface LaneEvent {
  readonly type: 'O' | 'C'
  readonly frame: number
  readonly at: number
}

/** Opened and closed like brackets; spans of a lane lie within one another or apart. */
function laneEvents(inOrder: readonly Placed[], base: bigint, indexOf: (span: Span) => number): LaneEvent[] {
  const events: LaneEvent[] = []
  const open: Placed[] = []
  const close = ({ span, end }: Placed): void => {
    events.push({ type: 'C', frame: indexOf(span), at: Number(end - base) })
  }
  for (const each of inOrder) {
    while (open.length > 0 && (open.at(-1) as Placed).end <= each.span.startTime) close(open.pop() as Placed)
    events.push({ type: 'O', frame: indexOf(each.span), at: Number(each.span.startTime - base) })
    open.push(each)
  }
  while (open.length > 0) close(open.pop() as Placed)
  return events
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0
}
