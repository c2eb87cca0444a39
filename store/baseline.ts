import type { Sketch } from './sketch.ts'

/** Calls that a comparison takes at the least. Of fewer than 1,000 the p99 is but the few slowest: any pause of the machine would be one. */
const MIN_CALLS = { p50: 100, p99: 1_000 }
/** How much of a change is one, and the least that anybody would feel, in nanoseconds. */
const CHANGE = 1.5
const MIN_DIFFERENCE = 100_000

export interface LatencyChange {
  /** Which of the quantiles says so, the median before the tail. */
  readonly quantile: 'p50' | 'p99'
  /** Nanoseconds. */
  readonly before: number
  readonly now: number
}

/** Whether calls take longer than before; undefined where they do not, or where there are too few to tell. */
export function slowerThan(before: Sketch, now: Sketch): LatencyChange | undefined {
  return change('p50', 0.5, before, now) ?? change('p99', 0.99, before, now)
}

function change(
  quantile: LatencyChange['quantile'],
  q: number,
  old: Sketch,
  recent: Sketch,
): LatencyChange | undefined {
  if (Math.min(old.count, recent.count) < MIN_CALLS[quantile]) return undefined
  const [before, now] = [old.quantile(q), recent.quantile(q)]
  return now > before * CHANGE && now - before > MIN_DIFFERENCE ? { quantile, before, now } : undefined
}
