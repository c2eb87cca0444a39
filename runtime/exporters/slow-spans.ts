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
  for (const { span } of spansOf(root)) {
    if (slowShare(atMost(span), total) === undefined) continue
    const share = slowShare(selfTime(span), total)
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

/**
 * Nanoseconds of the span in which nothing below it ran; 0 while it runs. Its children alone do not say: a synchronous
 * function has ended long before the promise that it returned.
 */
export function selfTime(span: Span): bigint {
  return timeWithout(span, span.children.some(({ children }) => children.length > 0) ? spansBelow(span) : span.children)
}

/** At least as much as `selfTime`, for less work. */
function atMost(span: Span): bigint {
  return timeWithout(span, span.children)
}

function timeWithout(span: Span, below: readonly Span[]): bigint {
  const { startTime, endTime, calls } = span
  if (endTime === undefined) return 0n
  // Its times are those of the first and the last of many calls.
  if (calls !== undefined) return span.children.reduce((own, child) => own - (child.calls?.total ?? 0n), calls.total)
  return endTime - startTime - (below.length === 0 ? 0n : elapsed(below, startTime, endTime))
}

/** In the order in which they began. */
function spansBelow(root: Span): readonly Span[] {
  const spans = Array.from(spansOf(root), ({ span }) => span).slice(1)
  return spans.sort((a, b) => (a.startTime < b.startTime ? -1 : a.startTime > b.startTime ? 1 : 0))
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
