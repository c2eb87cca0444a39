import { TRACE_STATUSES, type TraceStatus } from '../../store/trace-status.ts'
import type { Speed, TraceFilter } from '../../store/trace-store.ts'
import { momentAt, parseSpan } from '../query/moment.ts'

/** Which traces are shown. */
export interface Filter {
  /** None: all. */
  readonly statuses: readonly TraceStatus[]
  readonly speed?: Speed
  readonly tags: Readonly<Record<string, string>>
  /** What the query line says beside tags: of the dashboard a part of the name, of a list of traces words in them. */
  readonly words: string
  readonly period: Period
}

/** `ago`: milliseconds, up to now. `since`: milliseconds since the Unix epoch. */
export interface Period {
  readonly label: string
  readonly ago?: number
  readonly since?: number
}

const ALWAYS: Period = { label: 'any time' }

export const NO_FILTER: Filter = { statuses: [], tags: {}, words: '', period: ALWAYS }

const PERIODS: readonly Period[] = [ALWAYS, ...['15min', '1h', '6h', '24h', '7d'].map(lastly)]

/** The next one that a key leads to. */
export function nextPeriod({ label }: Period): Period {
  const at = PERIODS.findIndex(period => period.label === label)
  return PERIODS[(at + 1) % PERIODS.length] ?? ALWAYS
}

/** Of `2h`, `7d`, a date, or `all`; undefined for anything else. */
export function periodOf(text: string): Period | undefined {
  if (text === '' || text === 'all') return ALWAYS
  if (parseSpan(text) !== undefined) return lastly(text)
  const since = momentAt(text)
  return since === undefined ? undefined : { label: `since ${text}`, since }
}

function lastly(text: string): Period {
  return { label: `last ${text}`, ago: parseSpan(text) ?? 0 }
}

export function toggled(filter: Filter, status: TraceStatus): Filter {
  const { statuses } = filter
  const next = statuses.includes(status) ? statuses.filter(each => each !== status) : [...statuses, status]
  return { ...filter, statuses: next.length === TRACE_STATUSES.length ? [] : next }
}

export function withSpeed({ speed, ...rest }: Filter, wanted: Speed | undefined): Filter {
  return wanted === undefined || speed === wanted ? rest : { ...rest, speed: wanted }
}

/** What a query line says: `app=shop` is a tag, `status:fail` and `since:2h` are what they say, all else words. */
export function parsedQuery(text: string, before: Filter): Filter {
  let filter: Filter = { ...before, tags: {}, words: '' }
  const words: string[] = []
  for (const part of text.match(/"[^"]*"?|[^\s"]+(?:"[^"]*"?)?/g) ?? []) {
    const next = withPart(filter, part)
    if (next === undefined) words.push(part)
    else filter = next
  }
  return { ...filter, words: words.join(' ') }
}

function withPart(filter: Filter, part: string): Filter | undefined {
  const [, name, value] = /^([^="]+)=(.+)$/.exec(part) ?? []
  if (name !== undefined && value !== undefined) {
    return { ...filter, tags: { ...filter.tags, [name]: value.replaceAll('"', '') } }
  }
  const [, word, said = ''] = /^(status|since|speed):(.+)$/.exec(part) ?? []
  if (word === 'since') {
    const period = periodOf(said)
    return period && { ...filter, period }
  }
  if (word === 'speed') return said === 'slow' || said === 'fast' ? { ...filter, speed: said } : undefined
  if (word !== 'status') return undefined
  const statuses = said.split(',').map(each => TRACE_STATUSES.find(one => one.toLowerCase() === each.toLowerCase()))
  return statuses.includes(undefined) ? undefined : { ...filter, statuses: statuses as TraceStatus[] }
}

/** As the query line says it. */
export function queryText({ tags, words }: Filter): string {
  const said = Object.entries(tags).map(([name, value]) => `${name}=${/\s/.test(value) ? `"${value}"` : value}`)
  return [...said, words].filter(Boolean).join(' ')
}

/** What the store is asked for. `now`: milliseconds since the Unix epoch. */
export function storeFilter({ statuses, speed, tags, period }: Filter, now: number): TraceFilter {
  const since = period.ago === undefined ? period.since : now - period.ago
  return {
    ...(statuses.length > 0 && { statuses }),
    ...(speed && { speed }),
    ...(Object.keys(tags).length > 0 && { tags }),
    ...(since !== undefined && { since: BigInt(Math.floor(since)) * 1_000_000n }),
  }
}
