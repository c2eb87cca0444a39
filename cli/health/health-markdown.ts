import { formatDuration } from '../../runtime/exporters/duration.ts'
import { printable } from '../../runtime/exporters/printable.ts'
import { marksText } from '../query/error-groups.ts'
import { reportedGrowthText } from '../query/growth-text.ts'
import { concernsOf, type HealthReport, type ReportedError } from './health-report.ts'

/** A report for chats, issues and mails. */
export function healthMarkdown(report: HealthReport): string {
  const { namespace, since, until, healthy, traces, newErrors, recurringErrors, slower, stopped } = report
  return [
    `# ${healthy ? '✓' : '✗'} ${escaped(namespace)}\n\n${minute(since)} – ${minute(until)}${healthy ? '' : `: ${concernsOf(report).join(', ')}`}\n`,
    section(
      'Traces',
      ['Status', 'Now', 'Before'],
      traces.map(each => [each.status, each.now, each.before]),
    ),
    section('New errors', ERRORS, newErrors.map(errorRow)),
    section('Known errors', ERRORS, recurringErrors.map(errorRow)),
    section(
      'Slower than before',
      ['Name', 'Version', 'Quantile', 'Before', 'Now', 'Because of'],
      slower.map(each => [
        each.name,
        each.version,
        each.quantile,
        duration(each.beforeMs),
        duration(each.nowMs),
        reportedGrowthText(each.growth),
      ]),
    ),
    section(
      'Stopped',
      ['Name', 'Last'],
      stopped.map(({ name, last }) => [name, minute(last)]),
    ),
  ].join('')
}

type Value = string | number

const ERRORS = ['Id', 'State', 'Marks', 'Count', 'Last', 'Error']

function errorRow({ id, state, marks, count, last, error }: ReportedError): Value[] {
  return [id, state, marksText(marks), count, minute(last), error]
}

function section(title: string, columns: readonly string[], rows: readonly (readonly Value[])[]): string {
  if (rows.length === 0) return ''
  const line = (cells: readonly Value[]): string => `| ${cells.map(each => escaped(String(each))).join(' | ')} |\n`
  const rule = `|${columns.map(() => ' --- |').join('')}\n`
  return `\n## ${title}\n\n${line(columns)}${rule}${rows.map(line).join('')}`
}

/** What programs said must not become a link, a picture or a column. */
function escaped(text: string): string {
  return printable(text).replace(/[\\`*_[\]<>|#!~]/g, '\\$&')
}

/** In UTC: who reads it may be anywhere. */
function minute(time: string): string {
  return `${time.slice(0, 10)} ${time.slice(11, 16)} UTC`
}

function duration(milliseconds: number): string {
  return formatDuration(BigInt(Math.round(milliseconds * 1e6)))
}
