import type { ErrorRecord, Level } from '../../model/index.ts'
import { NO_FILTER } from './filter.ts'
import { folded, GROUPS_FOLDED, hasBelow, isFolded, positionOf, revealed, visibleRows } from './fold.ts'
import type { Key } from './keys.ts'
import { bodyHeight } from './layout.ts'
import { openTrace } from './navigation.ts'
import { ASKED } from './remote.ts'
import { moved, TOP } from './scroll.ts'
import {
  errorsView,
  noticed,
  type PageView,
  pushed,
  type State,
  type Step,
  step,
  type TraceView,
  withView,
} from './state.ts'
import { fieldOf } from './text-field.ts'
import { ALL_LEVELS, levelBit, type Node, type TraceDocument } from './trace-document.ts'
import { nextMatch } from './trace-search.ts'

/** A trace that is there, and where one is in it. */
interface Here {
  readonly view: TraceView
  readonly document: TraceDocument
  readonly row: number
  readonly node: Node
}

export const LEVEL_KEYS: Readonly<Record<Key, Level>> = {
  D: 'debug',
  I: 'info',
  W: 'warning',
  E: 'error',
  C: 'critical',
}

/** What keys do in a trace; undefined for those that do nothing of their own there. */
export function traceKey(state: State, view: TraceView, key: Key): Step | undefined {
  const scroll = moved(view.scroll, key, view.visible?.rows.length ?? 0, bodyHeight(state, view))
  if (scroll !== undefined) return step(withView(state, { ...view, scroll }))
  const here = hereIn(view)
  if (here === undefined) return undefined
  return (
    foldKey(state, here, key) ?? jumpKey(state, here, key) ?? actionKey(state, here, key) ?? levelKey(state, here, key)
  )
}

function hereIn(view: TraceView): Here | undefined {
  const document = view.asked.value
  const row = view.visible?.rows[view.scroll.cursor]
  const node = row === undefined ? undefined : document?.nodes[row]
  return document && row !== undefined && node ? { view, document, row, node } : undefined
}

function foldKey(state: State, here: Here, key: Key): Step | undefined {
  const { view, document, row, node } = here
  const fold = (wanted: boolean): Step =>
    step(withView(state, shown({ ...view, folds: folded(view.folds, node, wanted) }, document, row)))
  const isOpen = hasBelow(node, row) && !isFolded(view.folds, node)
  switch (key) {
    case 'h':
    case 'left':
      return isOpen ? fold(true) : toRow(state, here, Math.max(node.parent, 0))
    case 'l':
    case 'right':
      if (isOpen) return toRow(state, here, row + 1)
      return hasBelow(node, row) ? fold(false) : step(state)
    case ' ':
      return fold(isOpen)
    case 'z':
      return refolded(state, here)
    default:
      return undefined
  }
}

/** All folded but the topmost, all unfolded, and as it was. */
function refolded(state: State, { view, document, row }: Here): Step {
  const { base } = view.folds
  const next = base === 'groups' ? 'everything' : base === 'everything' ? 'nothing' : 'groups'
  const folds = next === 'groups' ? GROUPS_FOLDED : ({ base: next, except: new Set<string>() } as const)
  return step(withView(state, shown({ ...view, folds }, document, row)))
}

function jumpKey(state: State, here: Here, key: Key): Step | undefined {
  const { view, document, row, node } = here
  switch (key) {
    case 'p':
      return node.parent < 0 ? step(noticed(state, 'Nothing is above it here')) : toRow(state, here, node.parent)
    case 'J':
      return toRow(
        state,
        here,
        node.end < document.nodes.length && document.nodes[node.end]?.parent === node.parent ? node.end : row,
      )
    case 'K':
      return toRow(state, here, siblingBefore(document, row))
    case 'n':
      return toMatch(state, here, 1)
    case 'N':
      return toMatch(state, here, -1)
    case '/': {
      const field = fieldOf(view.search)
      return step({ ...state, prompt: { kind: 'query', field, before: view.search } })
    }
    default:
      return undefined
  }
}

function siblingBefore({ nodes }: TraceDocument, row: number): number {
  const parent = nodes[row]!.parent
  for (let i = row - 1; i > parent; i--) if (nodes[i]!.parent === parent) return i
  return row
}

/** The next row that the search finds; without one, the next that failed. */
function toMatch(state: State, here: Here, by: 1 | -1): Step {
  const { view, document, row } = here
  const found = nextMatch(document, view.search, row, by)
  const what = view.search === '' ? 'No error here' : `Not found: ${view.search}`
  return found === undefined ? step(noticed(state, what)) : toRow(state, here, found)
}

/** The view on a row of the document, unfolded as far as it takes. */
export function onRow(view: TraceView, document: TraceDocument, row: number): TraceView {
  const folds = revealed(view.folds, document, row)
  const hidden = (document.nodes[row]!.levels & view.levels) === 0
  return shown({ ...view, folds, levels: hidden ? ALL_LEVELS : view.levels }, document, row)
}

function toRow(state: State, { view, document }: Here, row: number): Step {
  return step(withView(state, onRow(view, document, row)))
}

function shown(view: TraceView, document: TraceDocument, row: number): TraceView {
  const visible = visibleRows(document, view.folds, view.levels)
  return { ...view, visible, scroll: { ...view.scroll, cursor: positionOf(visible, row) } }
}

function actionKey(state: State, { view, document, node }: Here, key: Key): Step | undefined {
  const { entry, span } = node
  switch (key) {
    case 'enter':
      if (entry.kind === 'link') return openTrace(state, entry.link.traceId, entry.link.spanId)
      if (entry.kind === 'reference') {
        const { id } = entry.reference
        return step(state, { kind: 'find', namespace: state.namespace, reference: id, spanId: span.id })
      }
      return pushed(state, id => ({ kind: 'entry', id, scroll: TOP, asked: ASKED, node, document }))
    case 't':
      return openGroups(state, node)
    case 'e':
      return step(state, { kind: 'edit', node })
    case 'y':
      return step(state, { kind: 'copy', text: document.summary.traceId })
    case 'Y':
      return step(state, {
        kind: 'copy',
        text: span.site ? `${span.site.file}:${span.site.line}:${span.site.column}` : span.name,
      })
    case 'v':
      return step(withView(state, { ...view, pane: !view.pane }))
    default:
      return undefined
  }
}

/** Groups of errors of this type, to be marked. */
function openGroups(state: State, { entry, span }: Node): Step {
  const error =
    entry.kind === 'error' || entry.kind === 'handled' ? entry.error : (messageError(entry) ?? span.exitError)
  if (error === undefined) return step(noticed(state, 'There is no error here'))
  const filter = { ...NO_FILTER, words: error.type }
  return pushed(state, id => ({ ...errorsView(id), filter, all: true }))
}

function messageError(entry: Node['entry']): ErrorRecord | undefined {
  return entry.kind === 'message' ? entry.message.error : undefined
}

function levelKey(state: State, { view, document, row }: Here, key: Key): Step | undefined {
  const level = LEVEL_KEYS[key]
  if (level === undefined && key !== 'a') return undefined
  const levels = level === undefined ? ALL_LEVELS : view.levels ^ levelBit(level)
  return step(withView(state, shown({ ...view, levels }, document, row)))
}

/** What keys do where there is text to leaf through. */
export function pageKey(state: State, view: PageView, key: Key): Step | undefined {
  const scroll = moved(
    { cursor: view.scroll.top, top: view.scroll.top },
    key,
    view.asked.value?.length ?? 0,
    bodyHeight(state, view),
  )
  if (scroll !== undefined) return step(withView(state, { ...view, scroll }))
  if (view.kind === 'help') return undefined
  if (key === 'e') return step(state, { kind: 'edit', node: view.node })
  return key === 'y' ? step(state, { kind: 'copy', text: view.document.summary.traceId }) : undefined
}

export function isLevelShown(levels: number, level: Level): boolean {
  return (levels & levelBit(level)) !== 0
}
