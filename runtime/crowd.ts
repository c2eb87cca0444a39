import { type ActiveSpan, detailsOf, FAILED, FOLDED, isRunning } from './active-span.ts'
import { Calls } from './calls.ts'
import { collector, type Origin, shared } from './shared.ts'
import type { RuntimeSite } from './site.ts'
import { leaveOut } from './sweep.ts'
import { walkActive } from './walk-active.ts'

/** Calls of one site below one parent that are kept as nodes because something happened in them, beyond the bound. */
const MAX_NOTABLE = 1_000

/** The calls of one site below one parent. */
export class Kin {
  /** Those that have ended and are nodes of their own. */
  kept = 0
  notable = 0
  /** Those beyond the bound, in one node. */
  calls: Calls | undefined
}

/**
 * A span has ended below a parent that has many. What is beyond the bound of its site goes into one node, unless something happened
 * in it that a person should see.
 */
export function crowd(span: ActiveSpan, parent: ActiveSpan): void {
  const kin = kinOf(span, parent)
  if (kin.kept < collector.maxSiblings) {
    kin.kept++
    return
  }
  const notable = notability(span)
  if (notable === 'needed' || (notable === 'eventful' && kin.notable++ < MAX_NOTABLE)) return
  if (notable === 'eventful') forgetErrors(span)
  kin.calls ??= new Calls(span.site)
  const folded = kin.calls.add(span)
  span.trace.spans -= folded
  span.trace.collapsed += folded
  span.status = FOLDED
  span.lastChild = null
  leaveOut(span, parent)
}

function kinOf(span: ActiveSpan, parent: ActiveSpan): Kin {
  const { site } = span
  const details = detailsOf(parent)
  details.crowd ??= endedBefore(span, parent)
  let kin = details.crowd.get(site)
  if (kin === undefined) details.crowd.set(site, (kin = new Kin()))
  return kin
}

/** When the crowd is first looked at: the children that had ended before `span`. */
function endedBefore(span: ActiveSpan, parent: ActiveSpan): Map<RuntimeSite, Kin> {
  const known = new Map<RuntimeSite, Kin>()
  for (let child = parent.lastChild; child !== null; child = child.previous) {
    if (child === span || isRunning(child) || child.leftOut) continue
    let kin = known.get(child.site)
    if (kin === undefined) known.set(child.site, (kin = new Kin()))
    kin.kept++
  }
  return known
}

/**
 * `needed`: something below goes on and needs its parents, or something elsewhere may be below it.
 */
function notability(span: ActiveSpan): 'needed' | 'eventful' | undefined {
  if (span.lastChild === null) return judge(span)
  let notable: 'needed' | 'eventful' | undefined
  walkActive(span, below => {
    if (below.leftOut || notable === 'needed') return false
    notable = judge(below) ?? notable
    return true
  })
  return notable
}

function judge(span: ActiveSpan): 'needed' | 'eventful' | undefined {
  if (isRunning(span) || span.details?.exposed) return 'needed'
  if (span.status === FAILED) return 'eventful'
  return span.details?.messages === undefined && span.details?.slow === undefined ? undefined : 'eventful'
}

/** Errors whose records go with their spans: what they still cross records them anew. */
function forgetErrors(span: ActiveSpan): void {
  walkActive(span, ({ serial, details }) => {
    const origin = details?.hasError ? originOf(details.error) : undefined
    if (origin !== undefined && origin.serial === serial) origin.lost = true
    return true
  })
}

function originOf(error: unknown): Origin | undefined {
  return typeof error === 'object' && error !== null ? shared.origins.get(error) : undefined
}
