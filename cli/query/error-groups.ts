import { type Style, styles } from '../../runtime/exporters/colours.ts'
import { printable } from '../../runtime/exporters/printable.ts'
import type { ErrorGroup } from '../../store/trace-store.ts'
import type { GroupState, Handling, Marks, Until } from '../../store/triage.ts'
import { momentText } from './moment.ts'
import { json, note, printList, printTable, printText } from './print.ts'
import type { Cell, Column } from './table.ts'

const COLUMNS: readonly Column[] = [
  { title: 'Id', align: 'right' },
  { title: 'State' },
  { title: 'Marks' },
  { title: 'Count', align: 'right' },
  { title: 'Last' },
  { title: 'Error', flexible: true },
  { title: 'Note', flexible: true, expendable: true },
]

export const STATE_STYLES: Readonly<Record<GroupState, Style>> = {
  new: styles.failed,
  regressed: styles.failed,
  escalating: styles.failed,
  ongoing: styles.plain,
  archived: styles.muted,
  resolved: styles.muted,
}

/** Whether there were any. */
export function printGroups(groups: readonly ErrorGroup[], asJson: boolean): boolean {
  if (asJson) printList(groups.map(groupJson))
  else if (groups.length > 0) printTable(COLUMNS, () => groups.map(row))
  else note('No such errors.')
  return groups.length > 0
}

function row({ id, state, marks, count, last, type, message, note: said = '' }: ErrorGroup): Cell[] {
  return [
    { text: String(id) },
    { text: state, paint: STATE_STYLES[state] },
    { text: marksText(marks) },
    { text: String(count), paint: styles.count },
    { text: momentText(last), paint: styles.muted },
    { text: `${type}: ${message}`, paint: styles.error },
    { text: said, paint: styles.muted },
  ]
}

/** Whether there is one. */
export function printGroup(group: ErrorGroup | undefined, id: number, asJson: boolean): boolean {
  if (group === undefined) note(`No group of errors has the id ${id}.`)
  else if (asJson) process.stdout.write(`${json(groupJson(group))}\n`)
  else printText(() => groupText(group))
  return group !== undefined
}

function groupText(group: ErrorGroup): string {
  const { id, type, message, state, count, first, last, firstVersion, lastVersion, because, merged } = group
  const version = (text: string | undefined): string => (text === undefined ? '' : `  (version ${text})`)
  const lines: (readonly [string, string | undefined])[] = [
    ['state', `${state}${handlingText(group.handling)}`],
    ['marks', marksText(group.marks) || undefined],
    ['note', group.note],
    ['count', String(count)],
    ['first', momentText(first) + version(firstVersion)],
    ['last', momentText(last) + version(lastVersion)],
    ['trace', group.lastTraceId],
    ['grouped', because],
    ['merged', merged.length > 0 ? merged.join(', ') : undefined],
  ]
  const rows = lines.flatMap(([name, value]) =>
    value === undefined ? [] : [`  ${styles.muted(name.padEnd(8))} ${printable(value)}`],
  )
  return `${[`${id}  ${styles.error(printable(`${type}: ${message}`))}`, ...rows].join('\n')}\n`
}

export function marksText({ severity, crash, silenced }: Marks): string {
  return [severity, crash && 'crash', silenced && 'silenced'].filter(Boolean).join(' ')
}

export function handlingText(handling: Handling): string {
  if (handling.kind === 'archived') return `, ${untilText(handling.until)}`
  return handling.kind === 'resolved' && handling.version !== undefined ? `, in version ${handling.version}` : ''
}

function untilText(until: Until): string {
  switch (until.kind) {
    case 'forever':
      return 'for ever'
    case 'count':
      return `until ${until.more} more`
    case 'date':
      return `until ${momentText(until.at)}`
    case 'escalating':
      return 'until it escalates'
  }
}

/** Times as ISO 8601. */
function groupJson({ first, last, ...rest }: ErrorGroup): object {
  return { ...rest, first: new Date(first).toISOString(), last: new Date(last).toISOString() }
}
