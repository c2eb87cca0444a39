import type { PageView, State, TableView, View } from './state.ts'

/** Lines of the title, of what is chosen, and of the keys at the bottom. */
const FRAME = 3
/** Lines below which a pane leaves too little for the rest, and lines that it may have. */
const MIN_ROWS_FOR_PANE = 16
const PANE_SHARE = 0.36
const MAX_PANE = 16
/** Of what is slow a pane has four facts, whatever the screen. */
const SLOW_PANE = 4

export function isPage(view: View): view is PageView {
  return view.kind === 'entry' || view.kind === 'help'
}

export function isTable(view: View): view is TableView {
  return view.kind !== 'trace' && !isPage(view)
}

/** Lines of the pane that tells of what is chosen, without the rule above it; 0: there is none. */
export function paneHeight({ rows }: State, view: View): number {
  const wanted = view.kind === 'errors' || view.kind === 'slow' || (view.kind === 'trace' && view.pane)
  if (!wanted || rows < MIN_ROWS_FOR_PANE || countOf(view) === 0) return 0
  if (view.kind === 'slow') return SLOW_PANE
  return Math.min(Math.round(rows * PANE_SHARE), MAX_PANE)
}

/** Lines of the list itself. */
export function bodyHeight(state: State, view: View): number {
  const pane = paneHeight(state, view)
  // What is slow has titles among its rows: it is three tables.
  const titles = isTable(view) && view.kind !== 'slow' ? 1 : 0
  const taken = FRAME + titles + (pane > 0 ? pane + 1 : 0)
  return Math.max(1, state.rows - taken)
}

/** Rows that the view has, on the screen or not. */
export function countOf(view: View): number {
  if (view.kind === 'trace') return view.visible?.rows.length ?? 0
  return isPage(view) ? (view.asked.value?.length ?? 0) : view.rows.length
}
