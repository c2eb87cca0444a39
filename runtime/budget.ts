import { now } from './clock.ts'
import type { RuntimeSite } from './site.ts'
import { instrumentedSites, recordOf } from './site-record.ts'

/**
 * Nanoseconds that a span costs with its export, for this purpose: twice what `npm run bench` finds for a synchronous one, so that the budget is rather
 * kept than not.
 */
const SPAN_COST = 500
/** Milliseconds between two reckonings. */
const WINDOW = 1_000

/** A site whose calls are only counted, and why. */
export interface CountedSite {
  readonly name: string
  readonly file: string
  readonly line: number
  /** Calls a second when it was last reckoned. */
  readonly rate: number
}

/**
 * Keeps what tracing costs within a share of the process's CPU time: from the sites that make the most spans on, as many are counted only as
 * it takes. One that becomes quieter makes spans again.
 */
export class Budget {
  readonly #share: number
  readonly #counted = new Map<RuntimeSite, number>()
  #began = now()
  #cpu = process.cpuUsage()

  /** `share`: of the CPU time, 0 to 1. */
  constructor(share: number) {
    this.#share = share
  }

  /** The sites that make no spans for now. */
  get counted(): CountedSite[] {
    return Array.from(this.#counted, ([{ name, file, line }, rate]) => ({ name, file, line, rate }))
  }

  /** To be called now and then: reckons once a second. */
  tick(): void {
    const elapsed = now() - this.#began
    if (elapsed < WINDOW) return
    const { user, system } = process.cpuUsage(this.#cpu)
    this.#reckon((user + system) * 1_000 * this.#share, elapsed)
    this.#began = now()
    this.#cpu = process.cpuUsage()
  }

  /** Lets all of them make spans again. */
  release(): void {
    for (const site of this.#counted.keys()) site.countedOnly = false
    this.#counted.clear()
  }

  /** `allowed`: nanoseconds of the window. */
  #reckon(allowed: number, elapsed: number): void {
    const sites = instrumentedSites.map((site): [RuntimeSite, number] => [site, recordOf(site).takeCalls()])
    sites.sort(([, a], [, b]) => a - b)
    this.release()
    let cost = 0
    // The quiet ones first: they are the ones that a person looks for.
    for (const [site, calls] of sites) {
      cost += calls * SPAN_COST
      if (cost <= allowed) continue
      site.countedOnly = true
      this.#counted.set(site, Math.round((calls * 1_000) / elapsed))
    }
  }
}

/** `'2%'` or 0.02 as a share. Throws a `TypeError` for anything else. */
export function budgetShare(budget: string | number): number {
  const share =
    typeof budget === 'number' ? budget : Number(/^\s*([\d.]+)\s*%\s*$/.exec(budget)?.[1] ?? Number.NaN) / 100
  if (share > 0 && share <= 1) return share
  throw new TypeError(`span-tree: budget takes a share of the CPU time like '2%', not ${JSON.stringify(budget)}`)
}
