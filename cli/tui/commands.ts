import { TRACE_STATUSES, type TraceStatus } from '../../store/trace-status.ts'
import { type Filter, NO_FILTER, parsedQuery, periodOf } from './filter.ts'
import { isTable } from './layout.ts'
import { openNamespace, openNamespaces, openTab, openTrace } from './navigation.ts'
import { TOP } from './scroll.ts'
import {
  currentView,
  helpView,
  noticed,
  pushed,
  type State,
  type Step,
  step,
  type TableView,
  tracesView,
  withView,
} from './state.ts'
import { withFilter } from './table-keys.ts'
import { arranged, sortOf } from './tables.ts'

interface Command {
  readonly names: readonly string[]
  readonly words?: string
  readonly does: string
  run(state: State, words: string): Step
}

/** What can be written behind `:`. */
export const COMMANDS: readonly Command[] = [
  { names: ['traces', 'dashboard', 'd'], does: 'the dashboard', run: state => openTab(state, 'dashboard') },
  { names: ['all'], does: 'all traces, whatever their names', run: openAll },
  { names: ['errors', 'err'], does: 'errors in groups', run: state => openTab(state, 'errors') },
  { names: ['slow'], does: 'what is slow', run: state => openTab(state, 'slow') },
  { names: ['ns', 'namespace'], words: '[name]', does: 'namespaces, or one of them', run: openNamed },
  { names: ['trace', 't'], words: '<id>', does: 'a trace by its id, or the beginning of it', run: openById },
  { names: ['search', 'text'], words: '<words>', does: 'traces in which the words occur', run: searchText },
  { names: ['tag'], words: 'app=shop', does: 'only processes with this tag', run: withTags },
  { names: ['status'], words: 'fail,crash', does: 'only traces of these statuses; all', run: withStatuses },
  { names: ['since'], words: '2h | 2026-11-22 | all', does: 'only what began since then', run: withPeriod },
  { names: ['sort'], words: '<column>', does: 'by this column', run: withSort },
  { names: ['help', 'h'], does: 'the keys', run: state => pushed(state, helpView) },
  { names: ['q', 'quit', 'q!', 'x'], does: 'leave', run: state => step(state, { kind: 'quit' }) },
]

export function runCommand(state: State, line: string): Step {
  if (line === '') return step(state)
  const [name = ''] = line.split(/\s+/, 1)
  const command = COMMANDS.find(({ names }) => names.includes(name)) ?? onlyOne(name)
  if (command === undefined) return step(noticed(state, `There is no command ${name} (? lists them)`, 'bad'))
  return command.run(state, line.slice(name.length).trim())
}

/** The name of the command that begins so, where it is the only one. */
export function onlyCommand(beginning: string): string | undefined {
  return onlyOne(beginning)?.names[0]
}

/** That one begins so. */
function onlyOne(beginning: string): Command | undefined {
  const found = COMMANDS.filter(({ names }) => names[0]?.startsWith(beginning))
  return found.length === 1 ? found[0] : undefined
}

function openNamed(state: State, name: string): Step {
  return name === '' ? openNamespaces(state) : openNamespace(state, name)
}

function openById(state: State, id: string): Step {
  return /^[0-9A-Za-z]+$/.test(id) ? openTrace(state, id) : step(noticed(state, 'Write :trace and its id', 'bad'))
}

function openAll(state: State): Step {
  const view = currentView(state)
  return pushed(state, id => tracesView(id, { ...(isTable(view) ? view.filter : NO_FILTER), words: '' }))
}

function searchText(state: State, words: string): Step {
  return pushed(state, id => tracesView(id, { ...NO_FILTER, words }))
}

function withTags(state: State, words: string): Step {
  return onTable(state, view => withFilter(state, view, parsedQuery(words, view.filter)))
}

function withStatuses(state: State, words: string): Step {
  const named = words.split(/[\s,]+/).filter(Boolean)
  const statuses = named.map(each => TRACE_STATUSES.find(one => one.toLowerCase().startsWith(each.toLowerCase())))
  const all = words === 'all'
  if (!all && statuses.includes(undefined))
    return step(noticed(state, `Statuses are ${TRACE_STATUSES.join(', ')}`, 'bad'))
  const wanted = all ? [] : (statuses as TraceStatus[])
  return onTable(state, view => withFilter(state, view, { ...view.filter, statuses: wanted } satisfies Filter))
}

function withPeriod(state: State, words: string): Step {
  const period = periodOf(words)
  if (period === undefined) return step(noticed(state, 'Write a time like 30min, 2h, 7d, or a date', 'bad'))
  return onTable(state, view => withFilter(state, view, { ...view.filter, period }))
}

function withSort(state: State, words: string): Step {
  return onTable(state, view => {
    const sort = sortOf(view, words)
    if (sort === undefined) return step(noticed(state, `It cannot be sorted by ${words}`, 'bad'))
    return step(withView(state, arranged({ ...view, sort, scroll: TOP })))
  })
}

function onTable(state: State, action: (view: TableView) => Step): Step {
  const view = currentView(state)
  return isTable(view) ? action(view) : step(noticed(state, 'There is no table here', 'bad'))
}
