import { RuntimeSite } from '../runtime/site.ts'

/** Names may be made from data: without a bound they would fill the memory. */
const MAX_SITES = 10_000

const sites = new Map<string, RuntimeSite>()

/** The site of spans of that name which a library's tracer begins: one for all, so that many of them below one parent can share a node. */
export function siteOf(scope: string, name: string): RuntimeSite {
  const key = `${scope}#${name}`
  const known = sites.get(key)
  if (known !== undefined) return known
  // In no line: where the library called says nothing about the program.
  const site = new RuntimeSite(scope, undefined, [name, 'manual', 0, 0])
  if (sites.size < MAX_SITES) sites.set(key, site)
  return site
}
