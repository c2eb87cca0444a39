/** What a person says of a group of errors; it holds for what arrives from then on. */
export interface Marks {
  /** OK: of no account. WARN: worth a look, but no failure. ALERT: a failure even where the program survived it. */
  readonly severity?: Severity
  /** The program, or the task, is lost: its trace's status is CRASH. */
  readonly crash?: boolean
  /** Not to be shown, and no failure. */
  readonly silenced?: boolean
}

export type Severity = 'OK' | 'WARN' | 'ALERT'

/** What was decided about a group. Times in milliseconds since the Unix epoch. */
export type Handling =
  | { readonly kind: 'unresolved'; readonly again?: { readonly why: 'regressed' | 'escalating'; readonly at: number } }
  | { readonly kind: 'archived'; readonly until: Until }
  /** `version`: the one that is free of it; what older versions still do is no regression. */
  | { readonly kind: 'resolved'; readonly at: number; readonly version?: string }

export type Until =
  | { readonly kind: 'forever' }
  | { readonly kind: 'count'; readonly more: number }
  | { readonly kind: 'date'; readonly at: number }
  /** `usual`: occurrences in the worst hour until then. */
  | { readonly kind: 'escalating'; readonly usual: number }

export type GroupState = 'new' | 'ongoing' | 'regressed' | 'escalating' | 'archived' | 'resolved'

export interface Occurrence {
  /** When it happened, not when it arrived. */
  readonly time: number
  readonly version?: string
  /** Occurrences of its group in its hour, this one included. */
  readonly inHour: number
}

export const UNRESOLVED: Handling = { kind: 'unresolved' }

const DAY = 86_400_000
const NEW_FOR: number = 7 * DAY
/** Hours as bad as this are nothing unusual, whatever was usual. */
const MIN_ESCALATION = 10
const ESCALATION = 3

/** What an occurrence that has arrived makes of what was decided. */
export function afterOccurrence(handling: Handling, { time, version, inHour }: Occurrence): Handling {
  switch (handling.kind) {
    case 'unresolved':
      return handling
    case 'resolved':
      return regresses(handling, time, version) ? again('regressed', time) : handling
    case 'archived':
      return afterArchived(handling, time, inHour)
  }
}

/**
 * What happened before the decision, and arrives after it, is no regression, nor is what is resolved in a version that the
 * program does not run yet.
 */
function regresses({ at, version: fixed }: { at: number; version?: string }, time: number, version?: string): boolean {
  if (time <= at) return false
  return fixed === undefined || (version !== undefined && compareVersions(version, fixed) >= 0)
}

function afterArchived(handling: Handling & { kind: 'archived' }, time: number, inHour: number): Handling {
  const { until } = handling
  switch (until.kind) {
    case 'forever':
      return handling
    case 'date':
      return time > until.at ? UNRESOLVED : handling
    case 'count':
      return until.more > 1
        ? { ...handling, until: { kind: 'count', more: until.more - 1 } }
        : again('escalating', time)
    case 'escalating':
      return inHour >= Math.max(MIN_ESCALATION, until.usual * ESCALATION) ? again('escalating', time) : handling
  }
}

function again(why: 'regressed' | 'escalating', at: number): Handling {
  return { kind: 'unresolved', again: { why, at } }
}

/** `firstSeen`, `now`: milliseconds since the Unix epoch. A regression is ongoing after seven days, like what is new. */
export function stateOf(handling: Handling, firstSeen: number, now: number): GroupState {
  switch (handling.kind) {
    case 'resolved':
      return 'resolved'
    case 'archived':
      if (handling.until.kind !== 'date' || now <= handling.until.at) return 'archived'
      break
    case 'unresolved':
      if (handling.again !== undefined && now - handling.again.at < NEW_FOR) return handling.again.why
  }
  return now - firstSeen < NEW_FOR ? 'new' : 'ongoing'
}

/** By the numbers in them, then (as semver has it) what has an addition before what has none. Negative where `a` is older. */
export function compareVersions(a: string, b: string): number {
  const [x, y] = [partsOf(a), partsOf(b)]
  for (let i = 0; i < Math.max(x.numbers.length, y.numbers.length); i++) {
    const difference = (x.numbers[i] ?? 0) - (y.numbers[i] ?? 0)
    if (difference !== 0) return difference
  }
  if (x.addition === y.addition) return 0
  if (x.addition === '' || y.addition === '') return x.addition === '' ? 1 : -1
  return x.addition.localeCompare(y.addition, 'en', { numeric: true })
}

function partsOf(version: string): { numbers: number[]; addition: string } {
  const [, numbers = '', addition = ''] = /^v?(\d+(?:\.\d+)*)?[-]?([^+]*)/.exec(version) ?? []
  return { numbers: numbers === '' ? [] : numbers.split('.').map(Number), addition }
}
