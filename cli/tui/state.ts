import type { Line } from '../../runtime/exporters/line.ts'
import type {
  DashboardRow,
  ErrorGroup,
  FunctionLatency,
  NamespaceSummary,
  Regression,
  SlowSpan,
  TraceSummary,
} from '../../store/trace-store.ts'
import type { AnnotateFlags } from '../query/annotate-group.ts'
import { type Filter, NO_FILTER } from './filter.ts'
import { type Folds, GROUPS_FOLDED, type Visible } from './fold.ts'
import type { Key } from './keys.ts'
import { ASKED, type Remote, type Trouble } from './remote.ts'
import { type Scroll, TOP } from './scroll.ts'
import type { TextField } from './text-field.ts'
import { ALL_LEVELS, type Node, type TraceDocument } from './trace-document.ts'

interface Screen {
  /** Tells answers for it from those for others. */
  readonly id: number
  readonly scroll: Scroll
}

/** A table: what was asked for, and the rows that are shown of it, in their order. */
interface Table<T> extends Screen {
  readonly asked: Remote<readonly T[]>
  readonly rows: readonly T[]
  readonly filter: Filter
  readonly sort: number
}

export interface NamespacesView extends Table<NamespaceSummary> {
  readonly kind: 'namespaces'
}

export interface DashboardView extends Table<DashboardRow> {
  readonly kind: 'dashboard'
}

export interface TracesView extends Table<TraceSummary> {
  readonly kind: 'traces'
  /** Of the roots; absent: of any. */
  readonly name?: string
  /** Traces that are asked for: more when one comes to the end of them. */
  readonly limit: number
}

export interface ErrorsView extends Table<ErrorGroup> {
  readonly kind: 'errors'
  /** Also those that are archived, resolved or silenced. */
  readonly all: boolean
}

/** One of three tables, in one list. */
export type SlowRow =
  | { readonly kind: 'title'; readonly title: string }
  | { readonly kind: 'regression'; readonly regression: Regression }
  | { readonly kind: 'span'; readonly span: SlowSpan }
  | { readonly kind: 'function'; readonly latency: FunctionLatency }

export interface SlowView extends Table<SlowRow> {
  readonly kind: 'slow'
}

export interface TraceView extends Screen {
  readonly kind: 'trace'
  readonly traceId: string
  /** To begin at. */
  readonly spanId?: string
  readonly asked: Remote<TraceDocument>
  readonly folds: Folds
  /** Bits of the levels that are shown. */
  readonly levels: number
  readonly visible?: Visible
  readonly search: string
  /** Whether what is chosen is told of below the tree. */
  readonly pane: boolean
}

/** All that is known of one row of a trace, as lines to leaf through. */
export interface EntryView extends Screen {
  readonly kind: 'entry'
  readonly node: Node
  readonly document: TraceDocument
  readonly asked: Remote<readonly Line[]>
}

export interface HelpView extends Screen {
  readonly kind: 'help'
  readonly asked: Remote<readonly Line[]>
}

/** Text to leaf through: the row that is chosen is the first on the screen. */
export type PageView = EntryView | HelpView

export type TableView = NamespacesView | DashboardView | TracesView | ErrorsView | SlowView
export type View = TableView | TraceView | PageView

/** What the line at the bottom asks for. */
export interface Prompt {
  readonly kind: 'query' | 'command' | 'note' | 'resolve' | 'archive' | 'merge'
  readonly field: TextField
  /** The group that it is about. */
  readonly group?: number
  /** What the query line said before, for Escape. */
  readonly before?: string
}

export interface Notice {
  readonly text: string
  readonly tone: 'plain' | 'bad'
}

export interface State {
  readonly columns: number
  readonly rows: number
  /** Milliseconds since the Unix epoch. */
  readonly now: number
  /** The file or the receiver, as a person calls it. */
  readonly where: string
  readonly namespace: string
  /** The last one is on the screen. */
  readonly views: readonly View[]
  readonly nextId: number
  readonly follow: boolean
  readonly prompt?: Prompt
  readonly notice?: Notice
}

export type StateEvent =
  | { readonly kind: 'key'; readonly key: Key }
  | { readonly kind: 'resized'; readonly columns: number; readonly rows: number }
  /** Something may have been recorded since. */
  | { readonly kind: 'changed'; readonly now: number }
  | { readonly kind: 'arrived'; readonly view: number; readonly value: unknown; readonly now: number }
  | { readonly kind: 'missed'; readonly view: number; readonly error: Trouble }
  | { readonly kind: 'marked'; readonly group: ErrorGroup; readonly text: string }
  | { readonly kind: 'found'; readonly traceId: string; readonly spanId: string }
  | { readonly kind: 'noticed'; readonly notice: Notice }

export type Effect =
  | { readonly kind: 'load'; readonly view: View; readonly namespace: string; readonly columns: number }
  | { readonly kind: 'visit'; readonly namespace: string }
  | { readonly kind: 'mark'; readonly namespace: string; readonly group: number; readonly flags: AnnotateFlags }
  | { readonly kind: 'edit'; readonly node: Node }
  | { readonly kind: 'copy'; readonly text: string }
  /** The other end of a message's reference. */
  | { readonly kind: 'find'; readonly namespace: string; readonly reference: string; readonly spanId: string }
  | { readonly kind: 'suspend' }
  | { readonly kind: 'quit' }

export interface Step {
  readonly state: State
  readonly effects: readonly Effect[]
}

/** Traces that are asked for at a time. */
export const PAGE = 200

/** `namespace`: empty where one has to be chosen. */
export function firstState(where: string, namespace: string, size: Pick<State, 'columns' | 'rows'>): State {
  const view = namespace === '' ? namespacesView(0) : dashboardView(0)
  return { ...size, now: Date.now(), where, namespace, views: [view], nextId: 1, follow: true }
}

export function namespacesView(id: number): NamespacesView {
  return { kind: 'namespaces', ...emptyTable(id) }
}

export function dashboardView(id: number): DashboardView {
  return { kind: 'dashboard', ...emptyTable(id) }
}

export function tracesView(id: number, filter: Filter, name?: string): TracesView {
  return { kind: 'traces', ...emptyTable(id), filter, limit: PAGE, ...(name !== undefined && { name }) }
}

export function errorsView(id: number): ErrorsView {
  return { kind: 'errors', ...emptyTable(id), all: false }
}

export function slowView(id: number): SlowView {
  return { kind: 'slow', ...emptyTable(id) }
}

export function traceView(id: number, traceId: string, spanId?: string): TraceView {
  const place = { id, scroll: TOP, traceId, ...(spanId !== undefined && { spanId }) }
  return { kind: 'trace', ...place, asked: ASKED, folds: GROUPS_FOLDED, levels: ALL_LEVELS, search: '', pane: true }
}

export function helpView(id: number): HelpView {
  return { kind: 'help', id, scroll: TOP, asked: ASKED }
}

function emptyTable(id: number): Table<never> {
  return { id, scroll: TOP, asked: ASKED, rows: [], filter: NO_FILTER, sort: 0 }
}

export function currentView({ views }: State): View {
  return views.at(-1)!
}

/** With another in place of the view on the screen. */
export function withView(state: State, view: View): State {
  return { ...state, views: [...state.views.slice(0, -1), view] }
}

/** With another view in front. Its rows are asked for. */
export function pushed(state: State, make: (id: number) => View): Step {
  const view = make(state.nextId)
  return loading({ ...state, views: [...state.views, view], nextId: state.nextId + 1 })
}

/** Asks for what the view on the screen shows. */
export function loading(state: State): Step {
  const { namespace, columns } = state
  return step(state, { kind: 'load', view: currentView(state), namespace, columns })
}

export function step(state: State, ...effects: readonly Effect[]): Step {
  return { state, effects }
}

export function noticed(state: State, text: string, tone: Notice['tone'] = 'plain'): State {
  return { ...state, notice: { text, tone } }
}
