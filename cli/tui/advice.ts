import { styles } from '../../runtime/exporters/colours.ts'
import { type Line, wrapBehind } from '../../runtime/exporters/line.ts'
import { printable } from '../../runtime/exporters/printable.ts'
import { NO_FILTER, queryText } from './filter.ts'
import { isTable } from './layout.ts'
import { muted, plain, strong } from './look.ts'
import type { Trouble } from './remote.ts'
import type { State, View } from './state.ts'

/** What is said in place of rows: what is the matter, and what to do about it. */
export function adviceLines(state: State, view: View): Line[] {
  const { value, error, loading } = view.asked
  const said =
    error && value === undefined
      ? troubled(error, state)
      : loading && value === undefined
        ? waiting()
        : empty(state, view)
  return [[], ...said.map((line): Line => [plain('  '), ...line])]
}

function waiting(): Line[] {
  return [[muted('Asking …')]]
}

function troubled({ message, code }: Trouble, { columns }: State): Line[] {
  const told = wrapBehind([{ text: '✗ ', style: styles.error }], printable(message), styles.plain, columns - 6, 4, 2)
  return [...told, [], ...troubleAdvice(code, message)]
}

function troubleAdvice(code: string | undefined, message: string): Line[] {
  if (code === 'missing') return recordAdvice()
  if (/API key|--key/.test(message)) {
    return [
      [plain('A receiver opens its namespaces to those who have their keys.')],
      [],
      ...examples([
        ['span-tree keys create shop', 'makes one, on the machine of the receiver'],
        ['span-tree --url … --key st_…', 'looks with it; or set SPAN_TREE_API_KEY'],
      ]),
    ]
  }
  if (code === 'io' && message.includes('no answer')) {
    return [
      [plain('Is the receiver running, and is this its address?  '), muted('It is asked again and again.')],
      [],
      ...examples([
        ['span-tree serve', 'starts one, on port 7318'],
        ['span-tree --url http://host:7318', 'looks at one elsewhere'],
      ]),
    ]
  }
  if (code === 'foreign') return examples([['span-tree --db ./traces.db', 'looks at another file']])
  return [[muted('r asks again')]]
}

function recordAdvice(): Line[] {
  return [
    [plain('Record a program, and what it does appears here:')],
    [],
    ...examples([
      ['SPAN_TREE=sqlite:./traces.db npx span-tree run -- node src/app.ts', ''],
      ['span-tree --db ./traces.db', 'looks at what that has kept'],
      ['span-tree serve', 'a receiver, for many programs'],
      ['span-tree --url http://localhost:7318', 'looks at what a receiver has'],
    ]),
  ]
}

function examples(lines: readonly (readonly [command: string, does: string])[]): Line[] {
  const width = Math.max(...lines.map(([command, does]) => (does === '' ? 0 : command.length)))
  return lines.map(([command, does]) => [
    plain('  '),
    { text: command.padEnd(width), style: styles.own },
    muted(`  ${does}`),
  ])
}

function empty(state: State, view: View): Line[] {
  if (view.kind === 'namespaces') {
    if (view.rows.length === 0 && queryText(view.filter) === '')
      return [[strong('There is no namespace yet.')], [], ...recordAdvice()]
  }
  if (isTable(view) && isNarrowed(view)) {
    return [
      [strong('Nothing is left by what was chosen.')],
      [],
      [muted('a shows all statuses, t more time; Esc clears the query')],
    ]
  }
  switch (view.kind) {
    case 'dashboard':
    case 'traces':
      return [[strong(`There are no traces in ${printable(state.namespace)} yet.`)], [], ...recordAdvice()]
    case 'errors':
      return view.all
        ? [[strong('No error has ever been recorded here.')]]
        : [[strong('No open errors.')], [], [muted('a shows those that are archived, resolved or silenced, too')]]
    case 'slow':
      return [[strong('Nothing is known of how long calls take here.')]]
    case 'trace':
      return [[strong('There is nothing in this trace.')]]
    default:
      return []
  }
}

function isNarrowed(view: Extract<View, { rows: unknown }>): boolean {
  const { statuses, speed, period } = view.filter
  const chosen = statuses.length > 0 || speed !== undefined || period.label !== NO_FILTER.period.label
  return chosen || queryText(view.filter) !== ''
}
