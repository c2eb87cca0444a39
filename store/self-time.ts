import type { LatencyChange } from './baseline.ts'

/** A span as far as it takes time; nanoseconds. `to` is where it ended, or where it is known to have run. */
export interface Interval {
  readonly from: bigint
  readonly to: bigint
  /** Of its function. */
  readonly id: string
  readonly name: string
  /** Where it stands for many calls: how long they took together. */
  readonly total?: bigint
}

/** What a call took: in its own code, and below each function that it called. The parts are all of the call. */
export interface CallTime {
  readonly total: number
  readonly self: number
  readonly callees: ReadonlyMap<string, { readonly name: string; readonly time: number }>
}

/** Where the time of calls went on average, in nanoseconds: in the function itself where there is no `id`, else in what it called. */
export interface TimePart {
  readonly id?: string
  readonly name?: string
  readonly before: number
  readonly now: number
}

/** Callees side by side share the time: each has what began before it did not cover, so that waiting for three counts once. */
export function timeOf(call: Interval, children: readonly Interval[]): CallTime {
  const callees = new Map<string, { name: string; time: number }>()
  const total = Number(call.to - call.from)
  let covered = 0
  let self = total
  for (const { from, to, id, name, total: sum } of children.toSorted((a, b) => (a.from < b.from ? -1 : 1))) {
    const begin = Math.max(covered, Number(from - call.from))
    const end = Math.min(total, Number(to - call.from))
    if (end <= begin) continue
    covered = end
    const time = Math.min(end - begin, Number(sum ?? total))
    self -= time
    const callee = callees.get(id)
    if (callee === undefined) callees.set(id, { name, time })
    else callee.time += time
  }
  return { total, self, callees }
}

/** What grew by less than this share of what grew most explains nothing. */
const SHARE = 0.2
const MAX_PARTS = 3

/** What made calls slower, most of it first; undefined where these calls do not show it. */
export function growthOf(
  before: readonly CallTime[],
  now: readonly CallTime[],
  quantile: LatencyChange['quantile'],
): TimePart[] | undefined {
  const [earlier, later] = [averages(typical(before, quantile)), averages(typical(now, quantile))]
  if (earlier === undefined || later === undefined || later.total <= earlier.total) return undefined
  const parts: TimePart[] = [{ before: earlier.self, now: later.self }]
  for (const id of new Set([...earlier.callees.keys(), ...later.callees.keys()])) {
    const [old, recent] = [earlier.callees.get(id), later.callees.get(id)]
    parts.push({ id, name: (recent ?? old)!.name, before: old?.time ?? 0, now: recent?.time ?? 0 })
  }
  parts.sort((a, b) => growth(b) - growth(a))
  const least = growth(parts[0] as TimePart) * SHARE
  return parts.filter(part => growth(part) > 0 && growth(part) >= least).slice(0, MAX_PARTS)
}

function growth({ before, now }: TimePart): number {
  return now - before
}

/** Those that the quantile speaks of: the middle half, or the slowest twentieth. */
function typical(calls: readonly CallTime[], quantile: LatencyChange['quantile']): readonly CallTime[] {
  const sorted = calls.toSorted((a, b) => a.total - b.total)
  const { length } = sorted
  if (quantile === 'p99') return sorted.slice(-Math.ceil(length / 20))
  return sorted.slice(Math.floor(length / 4), Math.max(1, Math.ceil((length * 3) / 4)))
}

function averages(calls: readonly CallTime[]): CallTime | undefined {
  if (calls.length === 0) return undefined
  const callees = new Map<string, { name: string; time: number }>()
  const sum = { total: 0, self: 0 }
  for (const call of calls) {
    sum.total += call.total / calls.length
    sum.self += call.self / calls.length
    for (const [id, { name, time }] of call.callees)
      callees.set(id, { name, time: (callees.get(id)?.time ?? 0) + time / calls.length })
  }
  return { ...sum, callees }
}
