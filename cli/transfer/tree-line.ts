import { revisionOf, type SpanRecord } from '../../store/span-record.ts'
import { isObject, type Json, later, spanOfJson, timeOf } from './span-of-json.ts'

/** What one line of JSON said. */
export interface ReadTree {
  readonly tags: Readonly<Record<string, string>>
  readonly run?: number
  readonly records: readonly SpanRecord[]
  /** What is wrong with spans that are left out. */
  readonly issues: readonly string[]
}

/** Whether it is a tree as `SPAN_TREE=json` writes it. */
export function isTreeLine(json: unknown): json is Json {
  return isObject(json) && typeof json['traceId'] === 'string' && isObject(json['root'])
}

/** The spans of such a tree, parents first. The last time in it is their revision, so that the same line gives the same spans. */
export function readTree({ traceId, late, remote, tags, run, root }: Json): ReadTree {
  const spans = spansIn(root as Json)
  const updated = spans.reduce(
    (last, span) => later(last, later(timeOf(span['startTime']), timeOf(span['endTime']))),
    0n,
  )
  const records: SpanRecord[] = []
  const issues: string[] = []
  for (const [i, { children: _, ...fields }] of spans.entries()) {
    const ofRoot = i === 0 ? { late, remote } : {}
    const rev = String(revisionOf(fields['endTime'] !== undefined, updated / 1_000n))
    const record = spanOfJson({ ...fields, ...ofRoot, traceId, rev })
    if (typeof record === 'string') issues.push(record)
    else records.push(record)
  }
  return { tags: tagsIn(tags), ...(typeof run === 'number' && { run }), records, issues }
}

/** What is nested in another span is below it, also where it does not say so itself. */
function spansIn(root: Json): Json[] {
  const spans: Json[] = [root]
  // The list grows while it is walked.
  for (const { id, children } of spans) {
    if (!Array.isArray(children)) continue
    for (const each of children) spans.push(isObject(each) ? { parentId: id, ...each } : {})
  }
  return spans
}

function tagsIn(tags: unknown): Record<string, string> {
  if (!isObject(tags)) return {}
  return Object.fromEntries(
    Object.entries(tags).flatMap(([name, value]) => (typeof value === 'object' ? [] : [[name, String(value)]])),
  )
}
