import { inverse } from 'kleur/colors'
import { styles } from '../../runtime/exporters/colours.ts'
import { fitLine, type Line, lineWidth } from '../../runtime/exporters/line.ts'
import { printable } from '../../runtime/exporters/printable.ts'
import { truncateStart } from '../../runtime/exporters/text-width.ts'
import { muted, plain, spread, strong } from './look.ts'
import type { Prompt, State, View } from './state.ts'

type Hints = readonly (readonly [key: string, does: string])[]

const LEAVE: Hints = [
  ['?', 'keys'],
  ['q', 'quit'],
]

const HINTS: Readonly<Record<View['kind'], Hints>> = {
  namespaces: [
    ['Enter', 'open'],
    ['/', 'filter'],
    ['s', 'sort'],
  ],
  dashboard: [
    ['Enter', 'traces'],
    ['/', 'filter'],
    ['t', 'time'],
    ['s', 'sort'],
    ['f', 'follow'],
    ['Tab', 'errors'],
    ['0', 'namespaces'],
  ],
  traces: [
    ['Enter', 'open'],
    ['/', 'search'],
    ['t', 'time'],
    ['s', 'sort'],
    ['y', 'copy id'],
    ['Esc', 'back'],
  ],
  errors: [
    ['W', 'warn'],
    ['A', 'alert'],
    ['c', 'crash'],
    ['x', 'silence'],
    ['n', 'note'],
    ['d', 'done'],
    ['z', 'archive'],
    ['u', 'undo'],
  ],
  slow: [
    ['Enter', 'slowest call'],
    ['/', 'filter'],
    ['t', 'time'],
    ['Tab', 'traces'],
  ],
  trace: [
    ['Enter', 'all of it'],
    ['Space', 'fold'],
    ['n', 'next error'],
    ['/', 'search'],
    ['e', 'edit'],
    ['Esc', 'back'],
  ],
  entry: [
    ['e', 'edit'],
    ['y', 'copy id'],
    ['Esc', 'back'],
  ],
  help: [
    ['j', 'down'],
    ['k', 'up'],
    ['Esc', 'back'],
  ],
}

const QUESTIONS: Readonly<Record<Prompt['kind'], string>> = {
  query: '/',
  command: ':',
  note: 'note: ',
  resolve: 'resolved in version (empty: now): ',
  archive: 'archive (forever, escalating, 100, 7d): ',
  merge: 'merge into group: ',
}

/** What is written, else what is to be told, else the keys that matter most. */
export function footLine({ prompt, notice, columns }: State, view: View): Line {
  const width = columns - 1
  if (prompt) return promptLine(prompt, width)
  if (notice) {
    const style = notice.tone === 'bad' ? styles.error : styles.root
    return fitLine([{ text: printable(notice.text), style }], width)
  }
  const leave = hintsLine(LEAVE, width)
  return spread(hintsLine(HINTS[view.kind], width - lineWidth(leave) - 2), leave, width)
}

/** As many of them as there is room for, the first first. */
function hintsLine(hints: Hints, width: number): Line {
  let line: Line = []
  for (const [key, does] of hints) {
    const next = [...line, ...(line.length > 0 ? [plain('  ')] : []), strong(key), muted(` ${does}`)]
    if (lineWidth(next) > width) break
    line = next
  }
  return line
}

/** Without colours by a line in front of it. */
function marked(text: string): string {
  const painted = inverse(text)
  return painted === text ? `▏${text.trimEnd()}` : painted
}

/** The cursor is painted: the terminal's own is hidden. */
function promptLine({ kind, field }: Prompt, width: number): Line {
  const question = QUESTIONS[kind]
  const before = truncateStart(printable(field.text.slice(0, field.at)), Math.max(1, width - question.length - 1))
  const [at = ' ', ...behind] = [...field.text.slice(field.at)]
  const cursor = { text: printable(at), style: marked }
  return fitLine([strong(question), plain(before), cursor, plain(printable(behind.join('')))], width - 1)
}
