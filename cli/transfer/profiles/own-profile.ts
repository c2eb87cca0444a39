import type { FoundSpan } from '../importer.ts'
import { isObject, type Json, timeOf } from '../span-of-json.ts'

/** The spans that `span-tree export --format speedscope` wrote beside a lane's events; these say their times and frames. */
export function ownSpans(
  { events }: Json,
  { trace, tags, begin, spans }: Json,
  frames: readonly unknown[],
  path: string,
): { tags: Record<string, string>; spans: FoundSpan[] } {
  const calls = Array.isArray(events) ? opened(events.filter(isObject), timeOf(begin)) : []
  const rest = Array.isArray(spans) ? spans : []
  const found = calls.map(({ frame, ...times }, i): FoundSpan => {
    const { running, ...fields } = isObject(rest[i]) ? rest[i] : ({} as Json)
    const { endTime, ...started } = { ...times, ...fields }
    const all = { traceId: trace, ...ofFrame(frames[Number(frame)]), ...started, ...(!running && { endTime }) }
    return { path: `${path}.spanTree.spans[${i}]`, fields: all }
  })
  return { tags: isObject(tags) ? (tags as Record<string, string>) : {}, spans: found }
}

interface Opened {
  readonly frame: unknown
  readonly startTime: string
  endTime?: string
}

/** In the order in which they are opened; what is opened last is closed first. */
function opened(events: readonly Json[], begin: bigint): Opened[] {
  const all: Opened[] = []
  const open: Opened[] = []
  for (const { type, frame, at } of events) {
    const time = String(begin + BigInt(Math.round(Number(at) || 0)))
    const call: Opened = { frame, startTime: time }
    if (type === 'O') {
      all.push(call)
      open.push(call)
    } else {
      const last = open.pop()
      if (last) last.endTime = time
    }
  }
  return all
}

function ofFrame(frame: unknown): Json {
  const { name, file, line, col, site } = isObject(frame) ? frame : {}
  return { name, ...(isObject(site) && { site: { ...site, file, line, column: col } }) }
}
