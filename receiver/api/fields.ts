import * as v from 'valibot'
import { TRACE_STATUSES, type TraceStatus } from '../../store/trace-status.ts'
import type { Annotation, Speed } from '../../store/trace-store.ts'
import type { GroupState } from '../../store/triage.ts'

/** What questions and annotations are made of, as the query of a URL or as JSON. */

export const limit: v.GenericSchema<string, number> = v.pipe(
  v.string(),
  v.digits('Expected a number'),
  v.transform(Number),
  v.minValue(1),
  v.maxValue(10_000),
  v.description('As many at most, 1 to 10,000'),
)
/** Within 64 bits with a sign, which is what a store takes. */
const MAX_TIME = 2n ** 63n - 1n
export const nanoseconds: v.GenericSchema<string, bigint> = v.pipe(
  v.string(),
  v.regex(/^\d{1,19}$/, 'Expected nanoseconds since the Unix epoch'),
  v.transform(text => BigInt(text)),
  v.maxValue(MAX_TIME),
  v.description('Nanoseconds since the Unix epoch'),
)
export const milliseconds: v.GenericSchema<string, number> = v.pipe(
  v.string(),
  v.regex(/^\d{1,15}$/, 'Expected milliseconds since the Unix epoch'),
  v.transform(Number),
  v.description('Milliseconds since the Unix epoch'),
)
export const flag: v.GenericSchema<'true' | 'false', boolean> = v.pipe(
  v.picklist(['true', 'false']),
  v.transform(text => text === 'true'),
)
const tag = v.pipe(
  v.string(),
  v.regex(/^[^=]+=/, 'Expected name=value'),
  v.description('A tag that the trace has, `name=value`; all of several'),
)
const statuses = v.pipe(v.array(v.picklist(TRACE_STATUSES)), v.description('One of several'))
const speed = v.picklist(['slow', 'fast'])
export const states: v.GenericSchema<GroupState[]> = v.array(
  v.picklist(['new', 'ongoing', 'regressed', 'escalating', 'archived', 'resolved']),
)

/** Longer than anybody's words; beyond it a search would only cost. */
export const words: v.GenericSchema<string> = v.pipe(v.string(), v.maxLength(1_000))
export const name: v.GenericSchema<string> = v.pipe(v.string(), v.minLength(1), v.maxLength(10_000))
export const label: v.GenericSchema<string> = v.pipe(v.string(), v.maxLength(200))

const marks = v.strictObject({
  severity: v.exactOptional(v.picklist(['OK', 'WARN', 'ALERT'])),
  crash: v.exactOptional(v.boolean()),
  silenced: v.exactOptional(v.boolean()),
})
const natural = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const handling = v.variant('kind', [
  v.strictObject({ kind: v.literal('unresolved') }),
  v.strictObject({ kind: v.literal('resolved'), version: v.exactOptional(label) }),
  v.strictObject({
    kind: v.literal('archived'),
    until: v.union([
      v.picklist(['forever', 'escalating']),
      v.strictObject({ more: natural }),
      v.strictObject({ at: natural }),
    ]),
  }),
])

export const annotation: v.GenericSchema<unknown, Annotation> = v.strictObject({
  marks: v.exactOptional(marks),
  note: v.exactOptional(v.pipe(v.string(), v.maxLength(10_000))),
  handling: v.exactOptional(handling),
  by: v.exactOptional(label),
})
export const mergeInto: v.GenericSchema<{ into: number }> = v.strictObject({ into: natural })
export const newKey: v.GenericSchema<unknown, { namespace?: string; label: string }> = v.strictObject({
  namespace: v.exactOptional(label),
  label: v.optional(label, ''),
})

export type TraceFilterFields = {
  readonly tag: v.ExactOptionalSchema<v.GenericSchema<string[]>, undefined>
  readonly status: v.ExactOptionalSchema<v.GenericSchema<TraceStatus[]>, undefined>
  readonly speed: v.ExactOptionalSchema<v.GenericSchema<Speed>, undefined>
  readonly since: v.ExactOptionalSchema<typeof nanoseconds, undefined>
  readonly until: v.ExactOptionalSchema<typeof nanoseconds, undefined>
}

export const traceFilter: TraceFilterFields = {
  tag: v.exactOptional(v.array(tag)),
  status: v.exactOptional(statuses),
  speed: v.exactOptional(speed),
  since: v.exactOptional(nanoseconds),
  until: v.exactOptional(nanoseconds),
}
