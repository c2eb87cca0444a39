import { type Span, type SpanTree, spansOf } from '../../model/index.ts'

/** What the functions of this entry look at: a trace, a span with what is below it, several of these, or a recorder. */
export type Traced = SpanTree | Span | readonly (SpanTree | Span)[] | { readonly trees: readonly SpanTree[] }

/** The topmost spans. Throws a `TypeError` for what holds no spans. */
export function rootsOf(traced: Traced): Span[] {
  if (typeof traced === 'object' && traced !== null && 'trees' in traced) return traced.trees.map(rootOf)
  return Array.isArray(traced) ? traced.map(rootOf) : [rootOf(traced as SpanTree | Span)]
}

/** Every span, parents before children. */
export function allSpans(traced: Traced): Span[] {
  return rootsOf(traced).flatMap(root => Array.from(spansOf(root), ({ span }) => span))
}

function rootOf(one: SpanTree | Span): Span {
  if (typeof one === 'object' && one !== null) {
    if ('root' in one) return one.root
    if ('children' in one) return one
  }
  const what = one === null ? 'null' : typeof one
  throw new TypeError(`expected a trace, a span, a list of these, or a recorder, not ${what}`)
}
