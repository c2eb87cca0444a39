import type { Span } from './span.ts'

/** Every span of the tree, parents before children, in the order in which they began; `depth` of `root` is 0. */
export function* spansOf(root: Span, depth = 0): Generator<{ span: Span; depth: number }> {
  const stack = [{ span: root, depth }]
  for (let next = stack.pop(); next; next = stack.pop()) {
    yield next
    for (let i = next.span.children.length - 1; i >= 0; i--) {
      stack.push({ span: next.span.children[i] as Span, depth: next.depth + 1 })
    }
  }
}

/** Nanoseconds that the span took, or has taken at `now` (nanoseconds since the Unix epoch) while it runs. */
export function durationOf(span: Span, now?: bigint): bigint | undefined {
  const end = span.endTime ?? now
  return end === undefined ? undefined : end - span.startTime
}
