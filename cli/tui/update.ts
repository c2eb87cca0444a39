import type { Line } from '../../runtime/exporters/line.ts'
import type { ErrorGroup, NamespaceSummary } from '../../store/trace-store.ts'
import { positionOf, revealed, visibleRows } from './fold.ts'
import { globalKey } from './global-keys.ts'
import { bodyHeight, countOf, isPage, isTable } from './layout.ts'
import { openNamespace, openTrace } from './navigation.ts'
import { promptKey } from './prompt.ts'
import { arrived, missed, type Trouble } from './remote.ts'
import { type Scroll, within } from './scroll.ts'
import {
  currentView,
  type Effect,
  loading,
  noticed,
  type PageView,
  type State,
  type StateEvent,
  type Step,
  step,
  type TableView,
  type TraceView,
  type View,
  withView,
} from './state.ts'
import { tableKey } from './table-keys.ts'
import { arranged } from './tables.ts'
import type { TraceDocument } from './trace-document.ts'
import { pageKey, traceKey } from './trace-keys.ts'

/** Rows of a list that is asked for again as more is recorded. */
const MAX_LIVE = 1_000

/** What an event makes of the state, and what is to be done about it. No other code changes the state. */
export function update(state: State, event: StateEvent): Step {
  const { state: next, effects } = changed(state, event)
  return { state: settled(next), effects }
}

function changed(state: State, event: StateEvent): Step {
  switch (event.kind) {
    case 'key':
      return keyed(withoutNotice(state), event.key)
    case 'resized':
      return resized({ ...state, columns: event.columns, rows: event.rows })
    case 'changed':
      return refreshed({ ...state, now: event.now })
    case 'arrived':
      return answered({ ...state, now: event.now }, event.view, event.value)
    case 'missed':
      return step(failed(state, event.view, event.error))
    case 'marked':
      return step(noticed(withGroup(state, event.group), event.text))
    case 'found':
      return openTrace(state, event.traceId, event.spanId)
    case 'noticed':
      return step({ ...state, notice: event.notice })
  }
}

function keyed(state: State, key: string): Step {
  if (key === 'ctrl-c') return step(state, { kind: 'quit' })
  if (key === 'ctrl-z') return step(state, { kind: 'suspend' })
  if (state.prompt) return promptKey(state, state.prompt, key)
  const view = currentView(state)
  return ownKey(state, view, key) ?? globalKey(state, view, key) ?? step(state)
}

function ownKey(state: State, view: View, key: string): Step | undefined {
  if (isPage(view)) return pageKey(state, view, key)
  return view.kind === 'trace' ? traceKey(state, view, key) : tableKey(state, view, key)
}

function withoutNotice({ notice: _, ...state }: State): State {
  return state
}

/** Pages are broken into lines of the screen's width. */
function resized(state: State): Step {
  return isPage(currentView(state)) ? loading(state) : step(state)
}

/** Asks for the view on the screen again, where one follows what is recorded. */
function refreshed(state: State): Step {
  return state.follow && isLive(currentView(state)) ? loading(state) : step(state)
}

function isLive(view: View): boolean {
  // Far down in a long list nothing new is expected.
  if (view.kind === 'traces') return view.rows.length <= MAX_LIVE
  if (view.kind !== 'trace') return isTable(view)
  return view.asked.value === undefined || view.asked.value.summary.status === 'running'
}

function answered(state: State, id: number, value: unknown): Step {
  const effects: Effect[] = []
  let next = replaced(state, id, view => {
    if (view.kind === 'trace') return withDocument(view, value as TraceDocument)
    if (isPage(view)) return { ...view, asked: arrived(value as readonly Line[]) }
    return arranged({ ...view, asked: arrived(value) } as TableView)
  })
  const view = currentView(next)
  if (view.kind === 'namespaces' && view.id === id && next.namespace === '') {
    const [only, ...others] = value as readonly NamespaceSummary[]
    if (only !== undefined && others.length === 0) {
      const opened = openNamespace(next, only.name)
      next = opened.state
      effects.push(...opened.effects)
    }
  }
  return step(next, ...effects)
}

function withDocument(view: TraceView, document: TraceDocument): TraceView {
  const first = view.asked.value === undefined
  const target = first && view.spanId !== undefined ? document.rows.get(view.spanId) : undefined
  const folds = target === undefined ? view.folds : revealed(view.folds, document, target)
  const visible = visibleRows(document, folds, view.levels)
  const chosen = target ?? chosenBefore(view, document)
  const scroll = chosen === undefined ? view.scroll : { ...view.scroll, cursor: positionOf(visible, chosen) }
  return { ...view, asked: arrived(document), folds, visible, scroll }
}

/** The row of what was chosen in the document that was there before. */
function chosenBefore({ asked, visible, scroll }: TraceView, document: TraceDocument): number | undefined {
  const row = visible?.rows[scroll.cursor]
  const id = row === undefined ? undefined : asked.value?.nodes[row]?.span.id
  return id === undefined ? undefined : document.rows.get(id)
}

function failed(state: State, id: number, error: Trouble): State {
  return replaced(state, id, view => ({ ...view, asked: missed<unknown>(view.asked, error) }) as View)
}

function withGroup(state: State, group: ErrorGroup): State {
  return {
    ...state,
    views: state.views.map(view => {
      if (view.kind !== 'errors') return view
      const value = view.asked.value?.map(each => (each.id === group.id ? group : each))
      return value === undefined ? view : arranged({ ...view, asked: { ...view.asked, value } })
    }),
  }
}

function replaced(state: State, id: number, change: (view: View) => View): State {
  return { ...state, views: state.views.map(view => (view.id === id ? change(view) : view)) }
}

/** With the chosen row on the screen, whatever has become of the list and of the screen. */
function settled(state: State): State {
  const view = currentView(state)
  const height = bodyHeight(state, view)
  const scroll = isPage(view) ? leafed(view, height) : within(view.scroll, countOf(view), height)
  if (scroll.cursor === view.scroll.cursor && scroll.top === view.scroll.top) return state
  return withView(state, { ...view, scroll })
}

function leafed({ asked, scroll }: PageView, height: number): Scroll {
  const last = Math.max(0, (asked.value?.length ?? 0) - height)
  const top = Math.max(0, Math.min(scroll.cursor, last))
  return { cursor: top, top }
}
