import { formatDuration } from '../../runtime/exporters/duration.ts'
import type { Line } from '../../runtime/exporters/line.ts'
import { printable } from '../../runtime/exporters/printable.ts'
import type { FunctionLatency, Regression, SlowSpan } from '../../store/trace-store.ts'
import { growthText } from '../query/growth-text.ts'
import { milliseconds, momentText } from '../query/moment.ts'
import { duration } from '../query/slow-report.ts'
import { countText, type Fact, factLines, rule } from './look.ts'
import type { SlowRow, State } from './state.ts'

/** What is known of a function, or a call, that is slow: above all, why. */
export function slowPane(row: SlowRow | undefined, { now }: State, width: number): Line[] {
  switch (row?.kind) {
    case 'regression':
      return [rule(printable(row.regression.name), width), ...factLines(regressionFacts(row.regression), width)]
    case 'span':
      return [rule(printable(row.span.name), width), ...factLines(callFacts(row.span, now), width)]
    case 'function':
      return [rule(printable(row.latency.name), width), ...factLines(functionFacts(row.latency), width)]
    default:
      return [rule('', width)]
  }
}

function regressionFacts({ id, name, version, quantile, before, now, growth, example }: Regression): Fact[] {
  const what = quantile === 'p50' ? 'a usual call (p50)' : 'the slowest of 100 calls (p99)'
  return [
    ['slower', `${what} took ${duration(before)}, and takes ${duration(now)} in ${version}`],
    ['because', growth === undefined ? '?  no calls of it are kept that show it' : `of ${growthText(growth)}`],
    ['place', placeOf(id, name)],
    ['slowest', example?.traceId],
  ]
}

function callFacts({ start, duration: took, p50, p99, traceId }: SlowSpan, now: number): Fact[] {
  return [
    ['took', `${formatDuration(took)}, usually ${formatDuration(p50)}, seldom more than ${formatDuration(p99)} (p99)`],
    ['began', momentText(milliseconds(start), now)],
    ['trace', traceId],
  ]
}

function functionFacts({ id, name, version, count, total, p50, p99, slowest }: FunctionLatency): Fact[] {
  return [
    ['calls', `${countText(count)}${version === '' ? '' : ` in ${version}`}, ${duration(total)} in sum`],
    [
      'took',
      `usually ${duration(p50)} (p50), seldom more than ${duration(p99)} (p99), at most ${duration(slowest.duration)}`,
    ],
    ['place', placeOf(id, name)],
    ['slowest', slowest.traceId],
  ]
}

/** Without a site the id is the name. */
function placeOf(id: string, name: string): string | undefined {
  return id === name ? undefined : id
}
