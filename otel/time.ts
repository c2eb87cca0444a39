import type { TimeInput } from '@opentelemetry/api'
import { now } from '../runtime/clock.ts'

/**
 * A time of OpenTelemetry's as a reading of `now`: a `Date`, seconds with nanoseconds since the Unix epoch, or milliseconds since the epoch or,
 * where they are fewer than those up to the process's time origin, since that.
 */
export function readingOf(time: TimeInput | undefined): number {
  if (time === undefined) return now()
  const { timeOrigin } = performance
  if (Array.isArray(time)) return time[0] * 1_000 - timeOrigin + time[1] / 1_000_000
  if (typeof time !== 'number') return time.getTime() - timeOrigin
  return time < timeOrigin ? time : time - timeOrigin
}
