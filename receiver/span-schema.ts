import * as v from 'valibot'
import { type FunctionKind, LEVELS, type SpanKind, type Status } from '../model/index.ts'
import type { Issue } from './refusal.ts'

export const KINDS: readonly SpanKind[] = ['internal', 'server', 'client', 'producer', 'consumer']
export const STATUSES: readonly Status[] = ['started', 'succeeded', 'failed']
export const FUNCTION_KINDS: readonly FunctionKind[] = [
  'function',
  'arrow',
  'method',
  'getter',
  'setter',
  'constructor',
  'manual',
]
/** Values in values, and causes of causes. */
export const MAX_DEPTH = 32

const natural = v.pipe(v.string(), v.regex(/^\d{1,19}$/, 'Expected a number in up to 19 decimal digits, as text'))
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const level = v.picklist(LEVELS)
const dictionary = v.custom<object>(
  input => typeof input === 'object' && input !== null && !Array.isArray(input),
  ({ received }) => `Expected an object but received ${received}`,
)
const attributes = v.pipe(
  dictionary,
  v.check(input => isShallow(input, 0), `Nested deeper than ${MAX_DEPTH} levels`),
)

const reference = v.object({
  kind: v.literal('reference'),
  spanId: v.string(),
  type: v.string(),
  message: v.string(),
})
const errorFields = {
  kind: v.literal('error'),
  type: v.string(),
  message: v.string(),
  stack: v.optional(v.string()),
  attributes: v.nullish(attributes),
  arguments: v.optional(attributes),
}

/** An error with causes below: a schema of its own for each level, so that what is nested for ever ends. */
function errorAt(depth: number): v.GenericSchema {
  if (depth > MAX_DEPTH) return v.custom(() => false, `Nested deeper than ${MAX_DEPTH} levels`)
  const further = v.lazy(() => errorAt(depth + 1))
  return v.object({ ...errorFields, cause: v.optional(further), errors: v.optional(v.array(further)) })
}

const error = errorAt(0)

const site = v.object({
  id: v.string(),
  name: v.string(),
  functionKind: v.picklist(FUNCTION_KINDS),
  file: v.string(),
  line: count,
  column: count,
})

const message = v.object({
  time: natural,
  level,
  text: v.string(),
  logger: v.nullish(v.string()),
  attributes: v.nullish(attributes),
  error: v.optional(error),
})

const span = v.object({
  traceId: v.string(),
  rev: natural,
  id: v.string(),
  parentId: v.optional(v.string()),
  name: v.string(),
  kind: v.optional(v.picklist(KINDS)),
  status: v.picklist(STATUSES),
  level: v.optional(level),
  startTime: natural,
  endTime: v.optional(natural),
  site: v.optional(site),
  attributes: v.nullish(attributes),
  messages: v.nullish(v.array(message)),
  exitError: v.optional(
    v.lazy(input => ((input as { kind?: unknown } | null)?.kind === 'reference' ? reference : error)),
  ),
  handledErrors: v.nullish(v.array(reference)),
  floating: v.optional(v.boolean()),
  dropped: v.optional(count),
  calls: v.optional(
    v.object({
      count,
      failed: count,
      total: natural,
      min: natural,
      max: natural,
      p50: natural,
      p99: natural,
      queueMax: v.optional(natural),
    }),
  ),
  slow: v.optional(v.object({ p50: natural, p99: natural })),
  queueDuration: v.optional(natural),
  links: v.optional(v.array(v.object({ traceId: v.string(), spanId: v.string(), attributes: v.optional(attributes) }))),
  references: v.optional(v.array(v.object({ id: v.string(), role: v.picklist(['source', 'destination']) }))),
  late: v.optional(v.boolean()),
  remote: v.optional(v.boolean()),
})

/** The first thing that is wrong with a span; undefined where it is well-formed. */
export function issueOfSpan(json: unknown): Issue | undefined {
  return issuesOf(v.safeParse(span, json, { abortEarly: true }))[0]
}

export interface Payload {
  readonly tags: Readonly<Record<string, string>>
  readonly run?: number
  readonly health?: object
  readonly spans: readonly unknown[]
}

const payload: v.GenericSchema<unknown, Payload> = v.object({
  tags: v.record(v.string(), v.string()),
  run: v.exactOptional(count),
  health: v.exactOptional(attributes),
  spans: v.array(v.unknown()),
})

/** What is wrong with a payload apart from its spans, or the payload. */
export function readPayload(json: unknown): { readonly payload: Payload } | { readonly issues: readonly Issue[] } {
  const result = v.safeParse(payload, json)
  return result.success ? { payload: result.output } : { issues: issuesOf(result) }
}

/** Issues that are told of; hostile bodies can have millions. */
const MAX_ISSUES = 20

export function issuesOf({ issues }: { readonly issues?: readonly v.BaseIssue<unknown>[] | undefined }): Issue[] {
  return (issues ?? []).slice(0, MAX_ISSUES).map(issue => ({ path: pathOf(issue), message: issue.message }))
}

/** As JavaScript would write it: `spans[3].messages[0].time`. */
function pathOf({ path }: v.BaseIssue<unknown>): string {
  const keys = path?.map(({ key }) => (typeof key === 'number' ? `[${key}]` : `.${String(key).slice(0, 100)}`)) ?? []
  return keys.join('').replace(/^\./, '')
}

function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  return depth <= MAX_DEPTH && Object.values(value).every(each => isShallow(each, depth + 1))
}
