import { withColours } from '../../runtime/exporters/colours.ts'
import type { Line } from '../../runtime/exporters/line.ts'
import { adviceLines } from './advice.ts'
import { entryPane } from './entry-lines.ts'
import { footLine } from './foot-line.ts'
import { groupPane } from './group-pane.ts'
import { bodyHeight, isPage, isTable, paneHeight } from './layout.ts'
import { painted, type Row } from './look.ts'
import { slowPane } from './slow-pane.ts'
import type { SourceFiles } from './source-file.ts'
import { currentView, type State, type View } from './state.ts'
import { tableLines } from './table-rows.ts'
import { choiceLine, titleLine } from './title-line.ts'
import { traceRows } from './trace-row.ts'

/** The whole screen: as many lines as it has rows, none wider than it has columns. */
export function frame(state: State, sources: SourceFiles, colours: boolean): string {
  return withColours(colours, () => {
    const rows = frameRows(state, currentView(state), sources)
    return rows.map(row => painted(row, state.columns, colours)).join('\n')
  })
}

function frameRows(state: State, view: View, sources: SourceFiles): Row[] {
  const height = bodyHeight(state, view)
  const { titles, rows } = body(state, view, height)
  const shown =
    rows.length > 0
      ? rows
      : adviceLines(state, view)
          .slice(0, height)
          .map(line => ({ line }))
  const above: Line[] = [titleLine(state, view), choiceLine(state, view), ...(titles ? [titles] : [])]
  const pane = paneHeight(state, view)
  return [
    ...above.map(line => ({ line })),
    ...filled(shown, height),
    ...(pane > 0 ? filled(paneOf(state, view, pane, sources), pane + 1) : []),
    { line: footLine(state, view) },
  ].slice(0, state.rows)
}

function filled(rows: readonly Row[], height: number): Row[] {
  return Array.from({ length: height }, (_, i) => rows[i] ?? { line: [] })
}

function body(state: State, view: View, height: number): { titles?: Line; rows: readonly Row[] } {
  if (isTable(view)) return tableLines(state, view, height)
  if (!isPage(view)) return { rows: traceRows(state, view, height) }
  const lines = view.asked.value ?? []
  return { rows: lines.slice(view.scroll.top, view.scroll.top + height).map(line => ({ line })) }
}

function paneOf(state: State, view: View, height: number, sources: SourceFiles): Row[] {
  return paneLines(state, view, height, sources).map(line => ({ line }))
}

function paneLines(state: State, view: View, height: number, sources: SourceFiles): Line[] {
  const width = state.columns - 2
  switch (view.kind) {
    case 'errors':
      return groupPane(view.rows[view.scroll.cursor], state, width)
    case 'slow':
      return slowPane(view.rows[view.scroll.cursor], state, width)
    case 'trace':
      return entryPane(view, width, height, sources)
    default:
      return []
  }
}
