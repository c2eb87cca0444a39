import { styles } from '../../runtime/exporters/colours.ts'
import { type Line, wrapBehind } from '../../runtime/exporters/line.ts'
import { printable } from '../../runtime/exporters/printable.ts'
import type { ErrorGroup } from '../../store/trace-store.ts'
import { handlingText, marksText } from '../query/error-groups.ts'
import { momentText } from '../query/moment.ts'
import { type Fact, factLines, rule } from './look.ts'
import type { State } from './state.ts'

const MAX_MESSAGE_LINES = 3

/** What is known of a group of errors, below the list. */
export function groupPane(group: ErrorGroup | undefined, { now }: State, width: number): Line[] {
  if (group === undefined) return [rule('', width)]
  const { id, type, message, state, handling, marks, note, count, because, lastTraceId, merged } = group
  const title = wrapBehind(
    [{ text: `${printable(type)}: `, style: styles.failed }],
    printable(message),
    styles.error,
    width,
    MAX_MESSAGE_LINES,
    2,
  )
  const facts: Fact[] = [
    ['state', [state + handlingText(handling), marksText(marks)].filter(Boolean).join('   ')],
    ['note', note],
    [
      'seen',
      `${count} ×, ${momentText(group.first, now)}${versionText(group.firstVersion)} … ${momentText(group.last, now)}${versionText(group.lastVersion)}`,
    ],
    ['grouped', because],
    ['merged', merged.length > 0 ? merged.join(', ') : undefined],
    ['last', lastTraceId],
  ]
  return [rule(`group ${id}`, width), ...title, ...factLines(facts, width)]
}

function versionText(version: string | undefined): string {
  return version === undefined ? '' : ` (${version})`
}
