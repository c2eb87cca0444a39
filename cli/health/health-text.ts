import { styles } from '../../runtime/exporters/colours.ts'
import { formatDuration } from '../../runtime/exporters/duration.ts'
import { printable } from '../../runtime/exporters/printable.ts'
import { marksText } from '../query/error-groups.ts'
import { reportedGrowthText } from '../query/growth-text.ts'
import { momentText } from '../query/moment.ts'
import { type Cell, type Column, table } from '../query/table.ts'
import { STATUS_STYLES } from '../query/trace-rows.ts'
import { concernsOf, type HealthReport, type ReportedError } from './health-report.ts'

const right = (title: string): Column => ({ title, align: 'right' })

/** A report for a terminal. */
export function healthText(report: HealthReport, width: number): string {
  const { namespace, since, until, healthy } = report
  const verdict = healthy ? styles.info('✓ nothing to look at') : styles.failed(`✗ ${concernsOf(report).join(', ')}`)
  const head = `${styles.root(printable(namespace))}  ${styles.muted(`${dated(since)} – ${dated(until)}`)}\n${verdict}\n`
  const sections = sectionsOf(report).filter(({ rows }) => rows.length > 0)
  const tables = sections.map(
    ({ title, columns, rows }) => `\n${styles.root(title)}\n${table(columns, rows, width, styles.muted)}`,
  )
  return head + (tables.length > 0 ? tables.join('') : `\n${styles.muted('No traces in this time, nor before it.')}\n`)
}

interface Section {
  readonly title: string
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly Cell[])[]
}

function sectionsOf({ traces, newErrors, recurringErrors, slower, stopped, senders }: HealthReport): Section[] {
  const name: Column = { title: 'Name', flexible: true }
  const because: Column = { title: 'Because of', flexible: true }
  return [
    {
      title: 'Traces',
      columns: [{ title: 'Status' }, right('Now'), right('Before')],
      rows: traces.map(({ status, now, before }) => [
        { text: status, paint: STATUS_STYLES[status] },
        { text: String(now) },
        { text: String(before), paint: styles.muted },
      ]),
    },
    { title: 'New errors', columns: ERRORS, rows: newErrors.map(errorRow) },
    { title: 'Known errors', columns: ERRORS, rows: recurringErrors.map(errorRow) },
    {
      title: 'Slower than before',
      columns: [name, { title: 'Version' }, right('Quantile'), right('Before'), right('Now'), because],
      rows: slower.map(each => [
        { text: each.name },
        { text: each.version },
        { text: each.quantile },
        { text: duration(each.beforeMs) },
        { text: duration(each.nowMs), paint: styles.slow },
        { text: reportedGrowthText(each.growth) },
      ]),
    },
    {
      title: 'Stopped',
      columns: [name, { title: 'Last' }],
      rows: stopped.map(each => [{ text: each.name, paint: styles.warning }, { text: local(each.last) }]),
    },
    {
      title: 'Senders',
      columns: [{ title: 'Tags', flexible: true }, { title: 'Last' }],
      rows: senders.map(({ tags, last }) => [{ text: Object.values(tags).join(' ') }, { text: local(last) }]),
    },
  ]
}

const ERRORS: readonly Column[] = [
  right('Id'),
  { title: 'State' },
  { title: 'Marks', expendable: true },
  right('Count'),
  { title: 'Last' },
  { title: 'Error', flexible: true },
]

function errorRow({ id, state, marks, count, last, error }: ReportedError): Cell[] {
  return [
    { text: String(id) },
    { text: state },
    { text: marksText(marks) },
    { text: String(count), paint: styles.count },
    { text: local(last), paint: styles.muted },
    { text: error, paint: styles.error },
  ]
}

function local(time: string): string {
  return momentText(Date.parse(time))
}

/** Both ends of a day have the same time: the date tells them apart, also of today. */
function dated(time: string): string {
  return momentText(Date.parse(time), 0)
}

function duration(milliseconds: number): string {
  return formatDuration(BigInt(Math.round(milliseconds * 1e6)))
}
