import type { ErrorGroup } from '../../store/trace-store.ts'
import type { TableView } from './state.ts'

type RowOf<V> = V extends { readonly rows: readonly (infer T)[] } ? T : never

interface Order<T> {
  readonly label: string
  readonly compare: (a: T, b: T) => number
}

type Orders = { readonly [K in TableView['kind']]: readonly Order<RowOf<Extract<TableView, { kind: K }>>>[] }

/** What `s` leads through; the first is how the table comes. */
const ORDERS: Orders = {
  namespaces: [
    { label: 'name', compare: (a, b) => byText(a.name, b.name) },
    { label: 'last', compare: (a, b) => descending(a.last ?? 0n, b.last ?? 0n) },
    { label: 'traces', compare: (a, b) => descending(a.traces, b.traces) },
  ],
  dashboard: [
    { label: 'last', compare: (a, b) => descending(a.last, b.last) },
    { label: 'count', compare: (a, b) => descending(a.count, b.count) },
    { label: 'name', compare: (a, b) => byText(a.name, b.name) || byText(a.status, b.status) },
    {
      label: 'status',
      compare: (a, b) => RANK.indexOf(a.status) - RANK.indexOf(b.status) || descending(a.last, b.last),
    },
  ],
  traces: [
    { label: 'began', compare: (a, b) => descending(a.start, b.start) },
    { label: 'took', compare: (a, b) => descending(a.duration ?? 0n, b.duration ?? 0n) },
    { label: 'spans', compare: (a, b) => descending(a.spans, b.spans) },
    {
      label: 'status',
      compare: (a, b) => RANK.indexOf(a.status) - RANK.indexOf(b.status) || descending(a.start, b.start),
    },
  ],
  errors: [
    { label: 'last', compare: (a, b) => descending(a.last, b.last) },
    { label: 'count', compare: (a, b) => descending(a.count, b.count) },
    {
      label: 'state',
      compare: (a, b) => STATES.indexOf(a.state) - STATES.indexOf(b.state) || descending(a.last, b.last),
    },
    { label: 'error', compare: (a, b) => byText(a.type, b.type) || byText(a.message, b.message) },
  ],
  slow: [],
}

/** What a person wants to see first. */
const RANK = ['CRASH', 'FAIL', 'running', 'OK']
const STATES: readonly ErrorGroup['state'][] = ['regressed', 'escalating', 'new', 'ongoing', 'archived', 'resolved']

export function sortLabel({ kind, sort }: TableView): string | undefined {
  return ORDERS[kind][sort]?.label
}

export function nextSort({ kind, sort }: TableView): number {
  return (sort + 1) % Math.max(1, ORDERS[kind].length)
}

/** The order of this name, or one that begins so. */
export function sortOf({ kind }: TableView, label: string): number | undefined {
  const at = ORDERS[kind].findIndex(order => order.label.startsWith(label))
  return at < 0 ? undefined : at
}

/** With the rows that its filter leaves of what is here, in its order, and at the same row as before. */
export function arranged<V extends TableView>(view: V): V {
  const { asked, filter, sort, kind } = view
  const rows = (asked.value ?? []) as readonly RowOf<V>[]
  const order = ORDERS[kind][sort] as Order<RowOf<V>> | undefined
  const words = filter.words.toLowerCase().split(/\s+/).filter(Boolean)
  const wanted = kind === 'traces' || words.length === 0 ? rows : rows.filter(row => contains(row, words))
  const next = { ...view, rows: order ? [...wanted].sort(order.compare) : [...wanted] }
  return { ...next, scroll: { ...view.scroll, cursor: sameRow(view, next) } }
}

/** The row that was chosen before; the first stays the first, so that what is new is seen. */
function sameRow(before: TableView, after: TableView): number {
  const { cursor } = before.scroll
  // Its first row is a title.
  if (after.kind === 'slow') return Math.max(1, cursor)
  const key = keyOf(before.rows[cursor])
  if (cursor === 0 || key === undefined) return cursor
  const at = after.rows.findIndex(row => keyOf(row) === key)
  return at < 0 ? cursor : at
}

function keyOf(row: TableView['rows'][number] | undefined): string | number | undefined {
  if (row === undefined) return undefined
  if ('traceId' in row) return row.traceId
  if ('id' in row) return row.id
  if ('status' in row) return `${row.status} ${row.name}`
  return 'name' in row ? row.name : undefined
}

function contains(row: object, words: readonly string[]): boolean {
  const text = 'kind' in row ? slowText(row) : Object.values(row).filter(isText).join('\n').toLowerCase()
  return words.every(word => text.includes(word))
}

function slowText(row: object): string {
  const names = Object.values(row).flatMap(each => (typeof each === 'object' && each ? Object.values(each) : [each]))
  return 'title' in row ? '' : names.filter(isText).join('\n').toLowerCase()
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function descending<T extends number | bigint>(a: T, b: T): number {
  return a > b ? -1 : a < b ? 1 : 0
}
