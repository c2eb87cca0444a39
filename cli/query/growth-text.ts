import { formatDuration } from '../../runtime/exporters/duration.ts'
import type { ReportedRegression } from '../health/health-report.ts'

interface Part {
  readonly name?: string
  /** Nanoseconds. */
  readonly before: number
  readonly now: number
}

/** What made a function slower, for people: `Prices.load +20ms, own code +3ms`; `?` where nothing shows it. */
export function growthText(growth: readonly Part[] | undefined): string {
  if (growth === undefined || growth.length === 0) return '?'
  return growth.map(({ name, before, now }) => `${name ?? 'own code'} +${duration(now - before)}`).join(', ')
}

function duration(nanoseconds: number): string {
  return formatDuration(BigInt(Math.round(nanoseconds)))
}

/** The same, of a report. */
export function reportedGrowthText(growth: ReportedRegression['growth']): string {
  return growthText(
    growth?.map(({ beforeMs, nowMs, ...name }) => ({ ...name, before: beforeMs * 1e6, now: nowMs * 1e6 })),
  )
}
