import { type Style, styles } from '../../runtime/exporters/colours.ts'
import { formatDuration } from '../../runtime/exporters/duration.ts'
import type { TraceStatus } from '../../store/trace-status.ts'
import type { TraceSummary } from '../../store/trace-store.ts'
import { milliseconds, momentText } from './moment.ts'
import type { Cell, Column } from './table.ts'

export const TRACE_COLUMNS: readonly Column[] = [
  { title: 'Began' },
  { title: 'Status' },
  { title: 'Took', align: 'right' },
  { title: 'Spans', align: 'right', expendable: true },
  { title: 'Name', flexible: true },
  { title: 'Tags', flexible: true, expendable: true },
  { title: 'Trace' },
]

export const STATUS_STYLES: Readonly<Record<TraceStatus, Style>> = {
  running: styles.running,
  OK: styles.info,
  FAIL: styles.error,
  CRASH: styles.critical,
}

export function traceRow({ traceId, name, status, slow, start, duration, spans, tags }: TraceSummary): Cell[] {
  return [
    { text: momentText(milliseconds(start)), paint: styles.muted },
    { text: status, paint: STATUS_STYLES[status] },
    { text: duration === undefined ? '' : formatDuration(duration), paint: slow ? styles.slow : styles.duration },
    { text: String(spans) },
    { text: name, paint: styles.root },
    { text: tagsText(tags), paint: styles.muted },
    { text: traceId },
  ]
}

export function tagsText(tags: Readonly<Record<string, string>>): string {
  return Object.entries(tags)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')
}

/** For people, beside the bigints: `start` as ISO 8601, `durationMs` in milliseconds. */
export function traceJson({ start, duration, ...rest }: TraceSummary): object {
  return {
    ...rest,
    start: new Date(milliseconds(start)).toISOString(),
    ...(duration !== undefined && { durationMs: Number(duration) / 1e6 }),
    startTime: start,
  }
}
