import type { Sketch } from './sketch.ts'

/** Calls that a comparison takes at the least. */
const MIN_CALLS = 100
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
  if (before.count < MIN_CALLS || now.count < MIN_CALLS) return undefined
  return (
    change('p50', before.quantile(0.5), now.quantile(0.5)) ?? change('p99', before.quantile(0.99), now.quantile(0.99))
  )
}

function change(quantile: 'p50' | 'p99', before: number, now: number): LatencyChange | undefined {
  return now > before * CHANGE && now - before > MIN_DIFFERENCE ? { quantile, before, now } : undefined
}
