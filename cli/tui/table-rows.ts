import { styles } from '../../runtime/exporters/colours.ts'
import { formatDuration } from '../../runtime/exporters/duration.ts'
import type { Line, Piece } from '../../runtime/exporters/line.ts'
import { printable } from '../../runtime/exporters/printable.ts'
import type { DashboardRow, ErrorGroup, NamespaceSummary, TraceSummary } from '../../store/trace-store.ts'
import { STATE_STYLES } from '../query/error-groups.ts'
import { milliseconds } from '../query/moment.ts'
import { tagsText } from '../query/trace-rows.ts'
import { blank, cell, countText, muted, plain, type Row, statusPiece, strong } from './look.ts'
import { MOMENT_WIDTH, shortMoment } from './moments.ts'
import { SLOW_COLUMNS } from './slow-rows.ts'
import type { State, TableView, TracesView } from './state.ts'

export interface Column<T> {
  readonly title: string
  /** Columns of the screen; `rest`: its share of what the others leave. */
  readonly width: number | 'rest'
  /** Columns that its share has at the most: on a wide screen nobody follows a row over a hand's breadth of nothing. */
  readonly most?: number
  readonly align?: 'right'
  /** Left out on narrower screens: who has 40 columns sees names before numbers. */
  readonly from?: number
  piece(row: T, now: number): Piece
}

const GAP = 2
/** Of the marker in front. */
const MARGIN = 1

const NAME_MOST = 72

const NAMESPACES: readonly Column<NamespaceSummary>[] = [
  { title: 'Namespace', width: 'rest', most: 40, piece: ({ name }) => strong(name) },
  { title: 'Traces', width: 12, align: 'right', piece: ({ traces }) => plain(countText(traces)) },
  { title: 'Last', width: MOMENT_WIDTH, from: 50, piece: ({ last }, now) => momentPiece(last, now) },
  { title: 'Apps', width: 'rest', from: 60, piece: ({ apps }) => muted(apps.map(({ app }) => app).join(', ')) },
]

const DASHBOARD: readonly Column<DashboardRow>[] = [
  { title: 'Name', width: 'rest', most: NAME_MOST, piece: ({ name }) => strong(name) },
  { title: 'Status', width: 9, piece: ({ status }) => statusPiece(status) },
  { title: 'Count', width: 11, align: 'right', piece: ({ count }) => plain(countText(count)) },
  { title: 'Last time', width: MOMENT_WIDTH, from: 56, piece: ({ last }, now) => momentPiece(last, now) },
]

const TRACES: readonly Column<TraceSummary>[] = [
  { title: 'Began', width: MOMENT_WIDTH, piece: ({ start }, now) => momentPiece(start, now) },
  { title: 'Status', width: 9, piece: ({ status }) => statusPiece(status) },
  { title: 'Took', width: 10, align: 'right', piece: tookPiece },
  { title: 'Spans', width: 7, align: 'right', from: 48, piece: ({ spans }) => plain(countText(spans)) },
  { title: 'Errors', width: 6, align: 'right', from: 70, piece: ({ errors }) => errorsPiece(errors) },
  { title: 'Name', width: 'rest', piece: ({ name }) => strong(name) },
  { title: 'Tags', width: 'rest', from: 58, piece: ({ tags }) => muted(tagsText(tags)) },
  { title: 'Trace', width: 27, from: 120, piece: ({ traceId }) => muted(traceId) },
]

const ERRORS: readonly Column<ErrorGroup>[] = [
  { title: 'Id', width: 4, align: 'right', piece: ({ id }) => muted(String(id)) },
  { title: 'State', width: 10, piece: ({ state }) => ({ text: state, style: STATE_STYLES[state] }) },
  { title: 'Marks', width: 9, from: 58, piece: marksPiece },
  { title: 'Count', width: 7, align: 'right', from: 48, piece: ({ count }) => plain(countText(count)) },
  { title: 'Last', width: MOMENT_WIDTH, from: 76, piece: ({ last }, now) => muted(shortMoment(last, now)) },
  {
    title: 'Error',
    width: 'rest',
    piece: ({ type, message }) => ({ text: `${type}: ${message}`, style: styles.error }),
  },
  { title: 'Note', width: 'rest', from: 110, piece: ({ note = '' }) => muted(note) },
]

/** The titles of a table, and the rows of it that are on the screen. */
export function tableLines(state: State, view: TableView, height: number): { titles?: Line; rows: Row[] } {
  switch (view.kind) {
    case 'namespaces':
      return lines(NAMESPACES, view.rows, state, view, height)
    case 'dashboard':
      return lines(DASHBOARD, view.rows, state, view, height)
    case 'traces':
      return lines(columnsOf(view), view.rows, state, view, height)
    case 'errors':
      return lines(ERRORS, view.rows, state, view, height)
    case 'slow':
      return { rows: lines(SLOW_COLUMNS, view.rows, state, view, height).rows }
  }
}

/** Of all traces those columns are left out sooner that make the name short. */
const OF_ALL: Readonly<Record<string, number>> = { Began: 56, Spans: 64, Tags: 80 }
const NAMED_TRACES = TRACES.filter(({ title }) => title !== 'Name')
const ALL_TRACES = TRACES.map(column => ({ ...column, from: OF_ALL[column.title] ?? column.from ?? 0 }))

/** The name says nothing where all have the same. */
function columnsOf({ name }: TracesView): readonly Column<TraceSummary>[] {
  return name === undefined ? ALL_TRACES : NAMED_TRACES
}

function lines<T>(
  columns: readonly Column<T>[],
  all: readonly T[],
  state: State,
  { scroll }: TableView,
  height: number,
): { titles: Line; rows: Row[] } {
  const shown = columns.filter(({ from = 0 }) => state.columns >= from)
  const widths = widthsOf(shown, state.columns)
  const rows = all.slice(scroll.top, scroll.top + height).map((row, i): Row => {
    const pieces = shown.map(column => column.piece(row, state.now))
    return { line: laidOut(shown, widths, pieces), chosen: scroll.top + i === scroll.cursor }
  })
  return {
    titles: laidOut(
      shown,
      widths,
      shown.map(({ title }) => muted(title)),
    ),
    rows,
  }
}

function laidOut<T>(columns: readonly Column<T>[], widths: readonly number[], pieces: readonly Piece[]): Line {
  return columns.flatMap(({ align }, i): Line => {
    const { text, style } = pieces[i] as Piece
    const shown = { text: printable(text), ...(style && { style }) }
    return [...(i > 0 ? [blank(GAP)] : []), ...cell(shown, widths[i] as number, align)]
  })
}

function widthsOf<T>(columns: readonly Column<T>[], total: number): number[] {
  const fixed = columns.reduce((sum, { width }) => sum + (width === 'rest' ? 0 : width), 0)
  const flexible = columns.filter(({ width }) => width === 'rest').length
  const room = Math.max(0, total - MARGIN - fixed - GAP * (columns.length - 1))
  let left = flexible
  let rest = room
  return columns.map(({ width, most = Number.POSITIVE_INFINITY }) => {
    if (width !== 'rest') return width
    const share = Math.min(most, Math.floor(rest / left--))
    rest -= share
    return share
  })
}

/** `ALERT ! x`: with the signs of crash, and of what is silenced. */
function marksPiece({ marks: { severity, crash, silenced } }: ErrorGroup): Piece {
  const text = [severity, crash && '!', silenced && 'x'].filter(Boolean).join(' ')
  return { text, style: severity === 'ALERT' || crash ? styles.failed : styles.warning }
}

function momentPiece(nanoseconds: bigint | undefined, now: number): Piece {
  return muted(nanoseconds === undefined ? '' : shortMoment(milliseconds(nanoseconds), now))
}

function tookPiece({ duration, slow }: TraceSummary): Piece {
  if (duration === undefined) return { text: '…', style: styles.running }
  return slow ? { text: `▲ ${formatDuration(duration)}`, style: styles.slow } : plain(formatDuration(duration))
}

function errorsPiece(errors: number): Piece {
  return errors === 0 ? muted('·') : { text: countText(errors), style: styles.error }
}
