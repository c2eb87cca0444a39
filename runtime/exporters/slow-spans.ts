import { durationOf, type Span, spansOf } from '../../model/index.ts'

/**
 * Where the time went: a span is slow when its own time (without its children's) is at least this share of the
 * root's duration, and long enough for a person to care. A root without children is not: there is nothing to learn.
 */
const SLOW_SHARE = 0.3
const SLOW_NANOSECONDS = 10_000_000n

export interface SlowSpan {
  readonly span: Span
  /** Own time as a part of the root's duration: 0.3 to 1. */
  readonly share: number
}

/** The slow spans of a finished tree by id; at most three, by the rule above. None while the root runs. */
export function slowSpans(root: Span): ReadonlyMap<string, SlowSpan> {
  const slow = new Map<string, SlowSpan>()
  const total = durationOf(root)
  if (total === undefined || total < SLOW_NANOSECONDS || root.children.length === 0) return slow
  const lasting = lastingOf(root)
  for (const { span } of spansOf(root)) {
    const took = span.calls?.total ?? durationOf(span) ?? 0n
    const share = took < SLOW_NANOSECONDS ? undefined : slowShare(selfTime(span, lasting), total)
    if (share !== undefined) slow.set(span.id, { span, share })
  }
  return slow
}

/** `time` as a share of `total` when that counts as slow. Both in nanoseconds. */
export function slowShare(time: bigint, total: bigint): number | undefined {
  if (time < SLOW_NANOSECONDS) return undefined
  const share = Number(time) / Number(total)
  return share >= SLOW_SHARE && share <= 1 ? share : undefined
}

/** Nanoseconds of the span in which nothing below it ran; 0 while it runs. */
export function selfTime(span: Span, lasting: Lasting = lastingOf(span)): bigint {
  const { startTime, endTime, calls, children } = span
  if (endTime === undefined) return 0n
  // Its times are those of the first and the last of many calls.
  if (calls !== undefined) return children.reduce((own, child) => own - (child.calls?.total ?? 0n), calls.total)
  if (children.length === 0) return endTime - startTime
  return endTime - startTime - elapsed(awaited(span, lasting), startTime, endTime)
}

/** When the last span below a span ended, of those spans that others below them outlast. */
type Lasting = ReadonlyMap<Span, bigint>

function lastingOf(root: Span): Lasting {
  const lasting = new Map<Span, bigint>()
  const spans = [...spansOf(root)]
  for (let i = spans.length - 1; i >= 0; i--) {
    const { span } = spans[i]!
    let last = endOf(span)
    for (const child of span.children) {
      const end = lasting.get(child) ?? endOf(child)
      if (end > last) last = end
    }
    if (last > endOf(span)) lasting.set(span, last)
  }
  return lasting
}

/**
 * What a span waits for: its children, and what runs on below those that have returned, as `load` does in `items.map(item => load(item))`.
 * In the order in which they began.
 */
function awaited({ children }: Span, lasting: Lasting): readonly Span[] {
  if (!children.some(child => lasting.has(child))) return children
  const found = [...children]
  for (let i = 0; i < Math.min(found.length, MAX_AWAITED); i++)
    if (lasting.has(found[i]!)) for (const child of found[i]!.children) found.push(child)
  return found.sort((a, b) => (a.startTime < b.startTime ? -1 : a.startTime > b.startTime ? 1 : 0))
}

/** Spans that are looked at for one: tasks that begin one another without end are none that anybody waits for. */
const MAX_AWAITED = 10_000
const NEVER = 2n ** 63n

function endOf({ endTime }: Span): bigint {
  return endTime ?? NEVER
}

/**
 * Nanoseconds in which at least one of `spans`, given in the order in which they began, ran between `from` and `to`.
 * Spans that ran at the same time count once.
 */
export function elapsed(spans: readonly Span[], from: bigint, to: bigint): bigint {
  let sum = 0n
  let covered = from
  for (const { startTime, endTime = to } of spans) {
    const end = endTime < to ? endTime : to
    if (startTime > covered) covered = startTime
    if (end <= covered) continue
    sum += end - covered
    covered = end
  }
  return sum
}
