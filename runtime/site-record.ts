import { Latency } from './latency.ts'
import type { RuntimeSite } from './site.ts'

/** Calls from which on a site's percentiles say something. */
const MIN_SAMPLES = 100
/** A call is slow when it took this many times its site's p99 … */
const SLOW_FACTOR = 1.5
/** … and at least as many milliseconds: below that it is the machine, not the program. */
const SLOW_MINIMUM = 5
/** Calls between two readings of the percentile. */
const RECKON_EVERY = 128

/** What is known of the calls of one site, since the process began. */
export class SiteRecord {
  readonly latency: Latency = new Latency()
  /** Calls that made no span: the site costs more than its share of the budget. */
  skipped = 0
  /** Milliseconds above which a call is slow by its own site's standard. */
  slowAbove: number = Number.POSITIVE_INFINITY
  #reckonAt = MIN_SAMPLES
  #taken = 0

  /** Calls that contain others of their own site and took longer than calls usually do; made for the first. */
  outer: SiteRecord | undefined

  /** A call that took `duration` milliseconds. */
  add(duration: number): void {
    this.latency.add(duration)
    if (this.latency.count >= this.#reckonAt) this.#reckon()
  }

  /** Calls since this was asked last, with and without a span. */
  takeCalls(): number {
    const calls = this.latency.count + this.skipped
    const since = calls - this.#taken
    this.#taken = calls
    return since
  }

  /** Milliseconds that calls took until now. */
  usual(): { readonly p50: number; readonly p99: number } {
    return { p50: this.latency.quantile(0.5), p99: this.latency.quantile(0.99) }
  }

  #reckon(): void {
    this.slowAbove = Math.max(this.latency.quantile(0.99) * SLOW_FACTOR, SLOW_MINIMUM)
    this.#reckonAt = this.latency.count + RECKON_EVERY
  }
}

/** The sites of functions that were called. As many as the source has: those of spans begun by hand are not among them. */
export const instrumentedSites: RuntimeSite[] = []

export function recordOf(site: RuntimeSite): SiteRecord {
  return site.record ?? begin(site)
}

function begin(site: RuntimeSite): SiteRecord {
  if (site.functionKind !== 'manual') instrumentedSites.push(site)
  site.record = site.line > 0 ? new SiteRecord() : recordByName(site.name)
  return site.record
}

/** Of what begins in no line of the source: requests by their route, messages outside of any span. */
const byName = new Map<string, SiteRecord>()
const MAX_NAMES = 1_000
const OTHERS = new SiteRecord()

function recordByName(name: string): SiteRecord {
  const known = byName.get(name)
  if (known !== undefined) return known
  if (byName.size >= MAX_NAMES) return OTHERS
  const record = new SiteRecord()
  byName.set(name, record)
  return record
}
