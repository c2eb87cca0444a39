import {
  currentView,
  dashboardView,
  errorsView,
  loading,
  namespacesView,
  pushed,
  type State,
  type Step,
  slowView,
  step,
  traceView,
  type View,
} from './state.ts'

/** The views that a namespace begins with, in the order of their digits. */
export const TABS = ['dashboard', 'errors', 'slow'] as const
export type Tab = (typeof TABS)[number]

const MAKERS: Readonly<Record<Tab, (id: number) => View>> = {
  dashboard: dashboardView,
  errors: errorsView,
  slow: slowView,
}

/** The tab on the screen, or that what is on it was opened from. */
export function currentTab({ views }: State): Tab | undefined {
  return views.map(({ kind }) => TABS.find(tab => tab === kind)).find(tab => tab !== undefined)
}

export function openTab(state: State, tab: Tab): Step {
  if (state.namespace === '' && currentView(state).kind === 'namespaces') return step(state)
  return pushed({ ...state, views: [] }, MAKERS[tab])
}

export function openNextTab(state: State, by: 1 | -1): Step {
  const at = TABS.indexOf(currentTab(state) ?? 'slow')
  return openTab(state, TABS[(at + by + TABS.length) % TABS.length] as Tab)
}

/** The dashboard of another namespace. */
export function openNamespace(state: State, namespace: string): Step {
  const { state: next, effects } = pushed({ ...state, namespace, views: [] }, dashboardView)
  return step(next, ...effects, { kind: 'visit', namespace })
}

export function openNamespaces(state: State): Step {
  return pushed({ ...state, views: [] }, namespacesView)
}

export function openTrace(state: State, traceId: string, spanId?: string): Step {
  return pushed(state, id => traceView(id, traceId, spanId))
}

/** To the view behind this one; what it shows may have changed meanwhile. */
export function goBack(state: State): Step {
  if (state.views.length > 1) return refreshedBehind({ ...state, views: state.views.slice(0, -1) })
  const { kind } = currentView(state)
  if (kind === 'namespaces') return step(state)
  return kind === 'dashboard' ? openNamespaces(state) : openTab(state, 'dashboard')
}

function refreshedBehind(state: State): Step {
  const { kind } = currentView(state)
  return kind === 'trace' || kind === 'entry' || kind === 'help' || !state.follow ? step(state) : loading(state)
}
