import type { Span } from '../../model/index.ts'
import { severity } from '../../model/index.ts'

/** Siblings of one site in a row from which on they are shown as one line. */
export const MIN_GROUP = 4

/**
 * Whether something happened at or below a span that a person should see: a failure, a message, a raised level, or
 * that it still runs. Such spans are never put into a group. Remembers its answers, so one object serves one snapshot.
 */
export class Eventful {
  readonly #known = new Map<Span, boolean>()

  has(span: Span): boolean {
    const known = this.#known.get(span)
    if (known !== undefined) return known
    this.#learn(span)
    return this.#known.get(span) === true
  }

  /** Children before parents, without recursion: trees can be as deep as the program's stack. */
  #learn(root: Span): void {
    const spans = [root]
    for (let i = 0; i < spans.length; i++) {
      for (const child of spans[i]!.children) if (!this.#known.has(child)) spans.push(child)
    }
    for (let i = spans.length - 1; i >= 0; i--) {
      const span = spans[i]!
      this.#known.set(span, isEventful(span) || span.children.some(child => this.#known.get(child) === true))
    }
  }
}

function isEventful(span: Span): boolean {
  return (
    span.status !== 'succeeded' ||
    span.endTime === undefined ||
    span.messages.length > 0 ||
    span.handledErrors.length > 0 ||
    span.slow !== undefined ||
    severity(span.level) > severity('info')
  )
}

/**
 * Index behind the last of the siblings that, from `start` on, could share a line with the one at `start`. Those that
 * began at or after `before` (nanoseconds since the epoch) could not: something was said in between.
 */
export function runEnd(siblings: readonly Span[], start: number, eventful: Eventful, before?: bigint): number {
  const first = siblings[start]
  if (first === undefined || eventful.has(first)) return start + 1
  const key = siteKey(first)
  let end = start + 1
  for (let next = siblings[end]; next !== undefined; next = siblings[++end]) {
    if (siteKey(next) !== key || eventful.has(next)) return end
    if (before !== undefined && next.startTime >= before) return end
  }
  return end
}

/** The span of the group that took longest. */
export function slowestOf(group: readonly Span[]): Span {
  return group.reduce((slowest, span) => (lengthOf(span) > lengthOf(slowest) ? span : slowest))
}

/** Nanoseconds: of a node that stands for many calls, those of the one that took longest. */
export function lengthOf(span: Span): bigint {
  return span.calls?.max ?? (span.endTime ?? span.startTime) - span.startTime
}

/** What a group stands for; nodes of many calls count as those. Durations in nanoseconds. */
export function figuresOf(group: readonly Span[]): { count: number; total: bigint; min: bigint; failed: number } {
  const figures = { count: 0, total: 0n, min: lengthOf(group[0]!), failed: 0 }
  for (const span of group) {
    const { count, total, min, failed } = span.calls ?? {
      count: 1,
      total: lengthOf(span),
      min: lengthOf(span),
      failed: 0,
    }
    figures.count += count
    figures.total += total
    figures.failed += failed
    if (min < figures.min) figures.min = min
  }
  return figures
}

function siteKey(span: Span): string {
  return `${span.name}\n${span.site?.id ?? ''}`
}
