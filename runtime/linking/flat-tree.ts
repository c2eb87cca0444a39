import type { Site, Span, SpanTree } from '../../model/index.ts'

/** A tree as it is sent to another thread: without depth, on which the structured clone would run out of stack. */
export interface FlatTree extends Omit<SpanTree, 'root'> {
  /** The root first, every span behind its parent, none with children. */
  readonly spans: readonly Span[]
}

const NO_CHILDREN: readonly Span[] = []

export function flatten({ traceId, root, late, remote }: SpanTree): FlatTree {
  const spans: Span[] = []
  // A site that many spans share is sent once: the structured clone keeps identity.
  const sites = new Map<Site, Site>()
  const waiting: Span[] = [root]
  for (let span = waiting.pop(); span !== undefined; span = waiting.pop()) {
    spans.push({ ...span, children: NO_CHILDREN, ...(span.site && { site: plainSite(span.site, sites) }) })
    for (let i = span.children.length - 1; i >= 0; i--) waiting.push(span.children[i] as Span)
  }
  return { traceId, spans, ...(late && { late }), ...(remote && { remote }) }
}

export function unflatten({ spans, ...tree }: FlatTree): SpanTree {
  const byId = new Map<string | undefined, Span>()
  for (const flat of spans) {
    const span = { ...flat, children: [] }
    ;(byId.get(span.parentId)?.children as Span[] | undefined)?.push(span)
    byId.set(span.id, span)
  }
  return { ...tree, root: byId.get(spans[0]?.id) as Span }
}

/** What the model knows of a site; the runtime's own figures stay where they are. */
export function plainSite(site: Site, known: Map<Site, Site>): Site {
  let plain = known.get(site)
  if (plain === undefined) {
    const { id, name, functionKind, file, line, column, parameters, options, module } = site
    plain = { id, name, functionKind, file, line, column, parameters, options, ...(module !== undefined && { module }) }
    known.set(site, plain)
  }
  return plain
}
