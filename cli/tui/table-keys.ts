import type { DashboardRow, ErrorGroup, NamespaceSummary, TraceSummary } from '../../store/trace-store.ts'
import { type Filter, nextPeriod, parsedQuery, queryText, toggled, withSpeed } from './filter.ts'
import type { Key } from './keys.ts'
import { bodyHeight } from './layout.ts'
import { openNamespace, openTrace } from './navigation.ts'
import { moved, type Scroll, TOP } from './scroll.ts'
import {
  loading,
  noticed,
  PAGE,
  pushed,
  type SlowRow,
  type State,
  type Step,
  step,
  type TableView,
  tracesView,
  withView,
} from './state.ts'
import { arranged, nextSort } from './tables.ts'
import { fieldOf } from './text-field.ts'
import { triageKey } from './triage-keys.ts'

/** What keys do in tables; undefined for those that do nothing of their own there. */
export function tableKey(state: State, view: TableView, key: Key): Step | undefined {
  const scroll = moved(view.scroll, key, view.rows.length, bodyHeight(state, view))
  if (scroll !== undefined) {
    const next = { ...view, scroll: beyondTitle(view, scroll) }
    return withMore(withView(state, next), next)
  }
  switch (key) {
    case 'enter':
    case 'l':
    case 'right':
      return opened(state, view)
    case 'escape':
      return queryText(view.filter) === '' ? undefined : withFilter(state, view, parsedQuery('', view.filter))
    case '/':
      return step({ ...state, prompt: queryPrompt(view.filter) })
    case 's':
      return sorted(state, view)
    case 'y':
      return copied(state, view)
    default:
      return view.kind === 'errors' ? triageKey(state, view, key) : filterKey(state, view, key)
  }
}

function queryPrompt(filter: Filter): NonNullable<State['prompt']> {
  const text = queryText(filter)
  return { kind: 'query', field: fieldOf(text), before: text }
}

/** Titles among the rows are passed over. */
function beyondTitle({ kind, rows, scroll: before }: TableView, scroll: Scroll): Scroll {
  const row = rows[scroll.cursor] as SlowRow | undefined
  if (kind !== 'slow' || row?.kind !== 'title') return scroll
  const up = scroll.cursor < before.cursor && scroll.cursor > 0
  return { ...scroll, cursor: scroll.cursor + (up ? -1 : 1) }
}

/** At the end of what is here, more is asked for. */
function withMore(state: State, view: TableView): Step {
  if (view.kind !== 'traces') return step(state)
  const { asked, rows, scroll, limit } = view
  if (asked.loading || scroll.cursor < rows.length - 1 || rows.length < limit) return step(state)
  return loading(withView(state, { ...view, limit: limit + PAGE, asked: { ...asked, loading: true } }))
}

function opened(state: State, view: TableView): Step {
  const row = view.rows[view.scroll.cursor]
  if (row === undefined) return step(state)
  switch (view.kind) {
    case 'namespaces':
      return openNamespace(state, (row as NamespaceSummary).name)
    case 'dashboard': {
      const { name, status } = row as DashboardRow
      return pushed(state, id => tracesView(id, { ...view.filter, statuses: [status], words: '' }, name))
    }
    case 'traces':
      return openTrace(state, (row as TraceSummary).traceId)
    case 'errors':
      return openLast(state, row as ErrorGroup)
    case 'slow':
      return openSlow(state, row as SlowRow)
  }
}

function openLast(state: State, { lastTraceId }: ErrorGroup): Step {
  return lastTraceId === undefined
    ? step(noticed(state, 'Its last trace is not kept any more'))
    : openTrace(state, lastTraceId)
}

function openSlow(state: State, row: SlowRow): Step {
  const call = callOf(row)
  if (call?.traceId === undefined) return step(row.kind === 'title' ? state : noticed(state, 'No call of it is kept'))
  return openTrace(state, call.traceId, call.spanId)
}

function callOf(row: SlowRow): { readonly traceId?: string; readonly spanId: string } | undefined {
  if (row.kind === 'span') return row.span
  if (row.kind === 'function') return row.latency.slowest
  return row.kind === 'regression' ? row.regression.example : undefined
}

function sorted(state: State, view: TableView): Step {
  return step(withView(state, arranged({ ...view, sort: nextSort(view), scroll: TOP })))
}

function copied(state: State, view: TableView): Step {
  const row = view.rows[view.scroll.cursor]
  if (row === undefined) return step(state)
  const text = 'traceId' in row ? row.traceId : 'id' in row ? String(row.id) : 'name' in row ? row.name : callText(row)
  return text === '' ? step(state) : step(state, { kind: 'copy', text })
}

function callText(row: SlowRow): string {
  return callOf(row)?.traceId ?? ''
}

function filterKey(state: State, view: TableView, key: Key): Step | undefined {
  if (view.kind !== 'dashboard' && view.kind !== 'traces' && view.kind !== 'slow') return undefined
  const filter = view.kind === 'slow' ? periodFiltered(view.filter, key) : filtered(view.filter, key)
  return filter && withFilter(state, view, filter)
}

function filtered(filter: Filter, key: Key): Filter | undefined {
  switch (key) {
    case 'e':
      return toggled(filter, 'FAIL')
    case 'c':
      return toggled(filter, 'CRASH')
    case 'o':
      return toggled(filter, 'OK')
    case 'R':
      return toggled(filter, 'running')
    case 'a':
      return withSpeed({ ...filter, statuses: [] }, undefined)
    case 'S':
      return withSpeed(filter, 'slow')
    case 'F':
      return withSpeed(filter, 'fast')
    default:
      return periodFiltered(filter, key)
  }
}

function periodFiltered(filter: Filter, key: Key): Filter | undefined {
  return key === 't' ? { ...filter, period: nextPeriod(filter.period) } : undefined
}

/** What the filter leaves of what is here is shown at once; the store is asked for the rest. */
export function withFilter(state: State, view: TableView, filter: Filter): Step {
  const limit = view.kind === 'traces' ? { limit: PAGE } : {}
  const asked = { ...view.asked, loading: true }
  const next = arranged({ ...view, ...limit, filter, asked, scroll: TOP } as TableView)
  return loading(withView(state, next))
}
