import { nanosecondsOf } from '../microseconds.ts'
import { isObject, type Json } from '../span-of-json.ts'

/** What becomes of an event: `complete` spans say how long they took, others begin and end; `other` has no place in a trace. */
export type EventKind = 'complete' | 'begin' | 'end' | 'instant' | 'metadata' | 'other'

/** An event of the trace event format. Times in nanoseconds of its own clock. */
export interface TraceEvent {
  readonly kind: EventKind
  /** Its phase, as the format has it. */
  readonly phase: string
  readonly name: string
  readonly category: string
  readonly pid: string
  readonly tid: string
  /** What goes on side by side with the calls of its thread is told apart by it. */
  readonly asyncId?: string
  readonly time: bigint
  /** Absent for what had not ended. */
  readonly duration?: bigint
  readonly args: Json
}

const KINDS: Readonly<Record<string, readonly [EventKind, 'async'?]>> = {
  X: ['complete'],
  B: ['begin'],
  E: ['end'],
  i: ['instant'],
  I: ['instant'],
  R: ['instant'],
  b: ['begin', 'async'],
  e: ['end', 'async'],
  n: ['instant', 'async'],
  // As they were called before.
  S: ['begin', 'async'],
  F: ['end', 'async'],
  T: ['instant', 'async'],
  p: ['instant', 'async'],
  M: ['metadata'],
}

const OTHERS: Readonly<Record<string, string>> = {
  s: 'flow event',
  t: 'flow event',
  f: 'flow event',
  C: 'counter',
  P: 'sample',
  N: 'object event',
  O: 'object event',
  D: 'object event',
  v: 'memory dump',
  V: 'memory dump',
  c: 'clock',
}

/** The event, or what is wrong with it. */
export function readEvent(json: unknown): TraceEvent | string {
  if (!isObject(json)) return 'not an object'
  const { ph, name = '', cat = '', pid = 0, tid = 0, ts, dur, args = {} } = json
  if (typeof ph !== 'string') return 'not an event: it has no ph'
  const [kind, isAsync] = KINDS[ph] ?? ['other' as const]
  const hasTime = kind !== 'metadata' && kind !== 'other'
  if (hasTime && !isNumber(ts)) return 'ts is not a number'
  if (dur !== undefined && !(isNumber(dur) && dur >= 0)) return 'dur is not a number of microseconds'
  if (!isObject(args)) return 'args is not an object'
  const asyncId = isAsync && asyncIdOf(json)
  if (isAsync && asyncId === undefined) return 'it has no id'
  return {
    kind,
    phase: ph,
    name: String(name),
    category: String(cat),
    pid: String(pid),
    tid: String(tid),
    ...(asyncId !== undefined && { asyncId }),
    time: hasTime ? nanosecondsOf(ts as number) : 0n,
    ...(isNumber(dur) && { duration: nanosecondsOf(dur) }),
    args,
  }
}

/** What there are several of, for people. */
export function wordsOf(phase: string): string {
  return OTHERS[phase] ?? `event of phase ${phase}`
}

/** https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU: ids are of all processes, unless they say that they are not. */
function asyncIdOf({ id, id2, pid, cat, scope }: Json): string | undefined {
  const { local, global } = isObject(id2) ? id2 : {}
  if (local !== undefined) return JSON.stringify([pid, cat, scope, local])
  const given = global ?? id
  return given === undefined ? undefined : JSON.stringify([cat, scope, given])
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}
