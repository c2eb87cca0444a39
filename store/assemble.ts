import type { Span, SpanTree } from '../model/index.ts'
import { foldLogRecords } from './log-records.ts'
import type { SpanRecord } from './span-record.ts'

type Growing = Span & { readonly children: Span[] }

/**
 * The trees of one trace, from its spans in any order: most often one. Each span whose parent is not here begins a tree of its
 * own, with the trace's root first; where parents form a circle, the earliest span of it does.
 */
export function treesOf(records: readonly SpanRecord[]): SpanTree[] {
  const ordered = [...foldLogRecords(records)].sort(earlier)
  const spans = new Map(ordered.map(record => [record.id, growing(record)]))
  const tops = ordered.filter(({ parentId }) => parentId === undefined || !spans.has(parentId))
  for (const { id, parentId } of ordered) {
    if (parentId !== undefined) spans.get(parentId)?.children.push(spans.get(id) as Span)
  }
  const reached = reachedFrom(tops.map(({ id }) => spans.get(id) as Growing))
  for (const record of ordered) {
    const span = spans.get(record.id) as Growing
    if (reached.has(span)) continue
    // Of a circle: cut where it begins.
    const parent = spans.get(record.parentId as string) as Growing
    parent.children.splice(parent.children.indexOf(span), 1)
    tops.push(record)
    for (const each of reachedFrom([span])) reached.add(each)
  }
  return tops.sort((a, b) => rankOf(a) - rankOf(b) || earlier(a, b)).map(record => treeOf(record, spans))
}

/** Which of several topmost spans stands for the trace: the one nobody called, else one called from elsewhere. */
export function rankOf({ parentId, remote, late }: SpanRecord): number {
  if (parentId === undefined) return 0
  return remote && !late ? 1 : 2
}

function earlier(a: SpanRecord, b: SpanRecord): number {
  if (a.startTime !== b.startTime) return a.startTime < b.startTime ? -1 : 1
  return a.id < b.id ? -1 : 1
}

function growing(record: SpanRecord): Growing {
  const { traceId: _, rev: __, late: ___, remote: ____, ...fields } = record
  return { ...fields, children: [] }
}

function reachedFrom(tops: readonly Growing[]): Set<Span> {
  const reached = new Set<Span>(tops)
  // A set goes on with what is added to it meanwhile.
  for (const span of reached) for (const child of span.children) reached.add(child)
  return reached
}

function treeOf(record: SpanRecord, spans: ReadonlyMap<string, Growing>): SpanTree {
  const { traceId, late, remote } = record
  return { traceId, root: spans.get(record.id) as Span, ...(late && { late }), ...(remote && { remote }) }
}
