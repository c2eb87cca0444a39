import { styles } from '../../runtime/exporters/colours.ts'
import type { NamespaceSummary } from '../../store/trace-store.ts'
import { milliseconds, momentText } from './moment.ts'
import { note, printList, printTable } from './print.ts'
import type { Cell, Column } from './table.ts'

const COLUMNS: readonly Column[] = [
  { title: 'Name' },
  { title: 'Traces', align: 'right' },
  { title: 'Last' },
  { title: 'Apps', flexible: true },
]

/** Whether there were any. */
export function printNamespaces(namespaces: readonly NamespaceSummary[], asJson: boolean): boolean {
  if (asJson) printList(namespaces.map(namespaceJson))
  else if (namespaces.length > 0) printTable(COLUMNS, () => namespaces.map(row))
  else note('There is no namespace yet.')
  return namespaces.length > 0
}

function row({ name, traces, last, apps }: NamespaceSummary): Cell[] {
  return [
    { text: name, paint: styles.root },
    { text: String(traces), paint: styles.count },
    { text: last === undefined ? '' : momentText(milliseconds(last)), paint: styles.muted },
    { text: apps.map(({ app, versions }) => [app, ...versions].join(' ')).join(', ') },
  ]
}

function namespaceJson({ created, last, ...rest }: NamespaceSummary): object {
  const lastTime = last === undefined ? {} : { last: new Date(milliseconds(last)).toISOString() }
  return { ...rest, created: new Date(created).toISOString(), ...lastTime }
}
