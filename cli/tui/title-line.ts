import { styles } from '../../runtime/exporters/colours.ts'
import { formatDuration } from '../../runtime/exporters/duration.ts'
import { fitLine, type Line, lineWidth, type Piece } from '../../runtime/exporters/line.ts'
import { printable } from '../../runtime/exporters/printable.ts'
import { truncate } from '../../runtime/exporters/text-width.ts'
import { milliseconds } from '../query/moment.ts'
import { tagsText } from '../query/trace-rows.ts'
import { queryText } from './filter.ts'
import { countOf, isTable } from './layout.ts'
import { countText, muted, plain, spread, statusPiece, strong } from './look.ts'
import { shortMoment } from './moments.ts'
import { currentTab, TABS, type Tab } from './navigation.ts'
import type { State, TraceView, View } from './state.ts'
import { sortLabel } from './tables.ts'
import { isLevelShown, LEVEL_KEYS } from './trace-keys.ts'

const TAB_NAMES: Readonly<Record<Tab, string>> = { dashboard: 'Traces', errors: 'Errors', slow: 'Slow' }

/** Where one is, and whether what is seen is of now. */
export function titleLine(state: State, view: View): Line {
  const isInside = state.namespace !== '' && state.views[0]?.kind !== 'namespaces'
  const left = [strong(isInside ? printable(state.namespace) : 'span-tree')]
  const query = isTable(view) ? queryText(view.filter) : view.kind === 'trace' ? view.search : ''
  const asked: Line = query === '' ? [] : [plain('  '), { text: `/${printable(query)}`, style: styles.own }]
  const place = [...left, ...placeIn(state), ...asked]
  const [live, width] = [liveness(state, view), state.columns - 2]
  const room = width - lineWidth(live) - 1
  // Where little is left, it is more important where one is.
  return spread(room < MIN_PLACE ? place : fitLine(place, room), live, width)
}

const MIN_PLACE = 48

function placeIn(state: State): Line {
  const { views, namespace } = state
  const trail = views.slice(1).flatMap(view => [muted(' › '), plain(nameOf(view))])
  if (views[0]?.kind === 'namespaces') return [muted('  namespaces of '), plain(printable(state.where)), ...trail]
  if (namespace === '' || trail.length > 0)
    return [muted(' › '), plain(TAB_NAMES[currentTab(state) ?? 'dashboard']), ...trail]
  return TABS.flatMap((tab, i) => [plain(i === 0 ? '  ' : ' '), tabPiece(i + 1, tab, tab === currentTab(state))])
}

function tabPiece(digit: number, tab: Tab, isOpen: boolean): Piece {
  const text = `${digit} ${TAB_NAMES[tab]}`
  return isOpen ? { text: `[${text}]`, style: styles.root } : muted(` ${text} `)
}

const MAX_NAME = 30

function nameOf(view: View): string {
  switch (view.kind) {
    case 'traces':
      return truncate(printable(view.name ?? 'all traces'), MAX_NAME)
    case 'trace':
      return view.traceId.length > 10 ? `${view.traceId.slice(0, 10)}…` : view.traceId
    case 'entry':
      return truncate(printable(view.node.span.name), MAX_NAME)
    default:
      return view.kind
  }
}

function liveness(state: State, view: View): Line {
  const count = countOf(view)
  const position = count === 0 ? '' : `${countText(view.scroll.cursor + 1)}/${countText(count)}`
  const place = view.kind === 'help' || view.kind === 'entry' ? '' : position
  const shown = muted(place === '' ? '' : `  ${place}`)
  if (view.asked.error && view.asked.value !== undefined) return [{ text: '✗ no answer', style: styles.error }, shown]
  if (view.asked.loading) return [{ text: '…', style: styles.running }, shown]
  return [state.follow ? { text: '● live', style: styles.info } : muted('○ still'), shown]
}

/** What is shown, and the keys that change it: what is in brackets holds. */
export function choiceLine(state: State, view: View): Line {
  switch (view.kind) {
    case 'namespaces':
      return sortChoice(view)
    case 'slow':
      return [...choice(`t ${view.filter.period.label}`, view.filter.period.label !== 'any time'), ...sortChoice(view)]
    case 'dashboard':
    case 'traces': {
      const { statuses, speed, period } = view.filter
      return [
        ...choice('a all', statuses.length === 0 && speed === undefined),
        ...choice('e error', statuses.includes('FAIL')),
        ...choice('c crash', statuses.includes('CRASH')),
        ...choice('o ok', statuses.includes('OK')),
        ...choice('R run', statuses.includes('running')),
        muted('│'),
        ...choice('S slow', speed === 'slow'),
        ...choice('F fast', speed === 'fast'),
        muted('│'),
        ...choice(`t ${period.label}`, period.label !== 'any time'),
        ...sortChoice(view),
      ]
    }
    case 'errors':
      return [...choice('a all', view.all), ...choice('a open', !view.all), muted('│'), ...sortChoice(view)]
    case 'trace':
      return traceLine(state, view)
    default:
      return []
  }
}

function sortChoice(view: Parameters<typeof sortLabel>[0]): Line {
  const label = sortLabel(view)
  return label === undefined ? [] : choice(`s ${label}`, false)
}

function choice(text: string, holds: boolean): Line {
  const style = holds ? styles.root : styles.muted
  return [{ text: holds ? `[${text}]` : ` ${text} `, style }]
}

/** Columns that the facts about a trace get at the least, before the levels. */
const MIN_FACTS = 32

function traceLine(state: State, { asked, levels }: TraceView): Line {
  const summary = asked.value?.summary
  if (summary === undefined) return []
  const { status, duration, spans, start, tags } = summary
  const facts = [
    duration === undefined ? undefined : formatDuration(duration),
    `${countText(spans)} ${spans === 1 ? 'span' : 'spans'}`,
    shortMoment(milliseconds(start), state.now),
    printable(tagsText(tags)),
  ]
  const left: Line = [plain(' '), statusPiece(status), muted(`  ${facts.filter(Boolean).join('  ')}`)]
  const right = Object.values(LEVEL_KEYS).flatMap(level => {
    return choice(level.charAt(0).toUpperCase() + level.slice(1), isLevelShown(levels, level))
  })
  const width = state.columns - 1
  return spread(fitLine(left, Math.max(MIN_FACTS, width - lineWidth(right) - 1)), right, width)
}
