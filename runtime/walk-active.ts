import type { ActiveSpan } from './active-span.ts'

/** Visits `root` and all below it, parents first; below a span for which `visit` returns false nothing is visited. */
export function walkActive(root: ActiveSpan, visit: (span: ActiveSpan) => boolean): void {
  const stack = [root]
  for (let span = stack.pop(); span !== undefined; span = stack.pop()) {
    if (!visit(span)) continue
    for (let child = span.lastChild; child !== null; child = child.previous) stack.push(child)
  }
}
