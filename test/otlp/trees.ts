import fc from 'fast-check'
import { type ErrorRecord, LEVELS, newTraceId, type Span, type SpanTree } from '../../model/index.ts'
import { EPOCH } from '../support/trees.ts'

/** Trees with all that a span can hold, as the runtime would make them. */

const text = fc.string({ unit: 'binary', maxLength: 50 }).map(each => each.toWellFormed())
const name = fc.oneof(text, fc.constantFrom('http.route', 'user.id', '__proto__', 'ключ')).filter(isForeign)
const number = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.maxSafeInteger())
const level = fc.constantFrom(...LEVELS)
const hex16 = fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }).map(id => id.toString(16).padStart(16, '0'))
const duration = fc.bigInt({ min: 0n, max: 2n ** 62n })

/** Also such as no number can hold. */
const { value } = fc.letrec(tie => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.oneof(text, number, fc.boolean(), fc.constant(null)),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(text, tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
}))
const attributes = fc.dictionary(name, value, { maxKeys: 4, noNullPrototype: true }) as fc.Arbitrary<Span['attributes']>

/** Names that OTLP's conventions, or we, give a meaning of their own. */
function isForeign(key: string): boolean {
  return !/^(span_tree\.|exception\.|code\.|error\.type$|otel\.)/.test(key)
}

const errorRecord = fc.letrec<{ error: ErrorRecord }>(tie => ({
  error: fc
    .record(
      {
        kind: fc.constant('error' as const),
        type: text,
        message: text,
        attributes,
        stack: text,
        cause: tie('error'),
        errors: fc.array(tie('error'), { maxLength: 2 }),
        arguments: attributes,
      },
      { requiredKeys: ['kind', 'type', 'message', 'attributes'], noNullPrototype: true },
    )
    .map(each => each as ErrorRecord),
})).error
const shallowError = errorRecord.filter(error => depthOf(error) < 8)

function depthOf({ cause, errors = [] }: ErrorRecord): number {
  return 1 + Math.max(0, ...[...errors, ...(cause ? [cause] : [])].map(depthOf))
}

const reference = fc.record(
  { kind: fc.constant('reference' as const), spanId: hex16, type: text, message: text },
  { noNullPrototype: true },
)
const traceId = fc.nat({ max: 10 ** 9 }).map(seconds => newTraceId(1_500_000_000_000 + seconds * 1_000))

const site = fc
  .record({ name: text, file: text, line: fc.nat(), column: fc.nat(), parameters: fc.array(text, { maxLength: 3 }) })
  .map(each => ({ ...each, id: `${each.file}#${each.name}`, functionKind: 'method' as const, options: {} }))

const message = fc.record(
  {
    time: fc.bigInt({ min: 0n, max: 10n ** 9n }).map(after => EPOCH + after),
    level,
    text,
    logger: text,
    attributes,
    error: shallowError,
  },
  { requiredKeys: ['time', 'level', 'text', 'logger', 'attributes'], noNullPrototype: true },
)

const calls = fc.record(
  {
    count: fc.nat(),
    failed: fc.nat(),
    total: duration,
    min: duration,
    max: duration,
    p50: duration,
    p99: duration,
    queueMax: duration,
  },
  { requiredKeys: ['count', 'failed', 'total', 'min', 'max', 'p50', 'p99'], noNullPrototype: true },
)

const link = fc.record(
  { traceId, spanId: hex16, attributes: attributes.filter(each => Object.keys(each).length > 0) },
  {
    requiredKeys: ['traceId', 'spanId'],
    noNullPrototype: true,
  },
)

const parts = fc.record(
  {
    name: text,
    kind: fc.constantFrom('internal', 'server', 'client', 'producer', 'consumer'),
    level,
    attributes,
    messages: fc.array(message, { maxLength: 3 }),
    handledErrors: fc.array(reference, { maxLength: 2 }),
    site,
    floating: fc.constant(true as const),
    dropped: fc.integer({ min: 1, max: 10_000 }),
    queueDuration: duration,
    calls,
    slow: fc.record({ p50: duration, p99: duration }),
    links: fc.array(link, { minLength: 1, maxLength: 2 }),
    references: fc.array(
      fc.record({ id: text, role: fc.constantFrom('source', 'destination') }, { noNullPrototype: true }),
      { minLength: 1, maxLength: 2 },
    ),
    exitError: fc.oneof(shallowError, reference),
    /** Nanoseconds after the parent began, or after the brother that began before. */
    after: fc.bigInt({ min: 0n, max: 10n ** 6n }),
    lasted: duration.map(each => each % 10n ** 12n),
    isRunning: fc.integer({ min: 0, max: 9 }).map(each => each === 0),
  },
  {
    requiredKeys: ['name', 'kind', 'level', 'attributes', 'messages', 'handledErrors', 'after', 'lasted', 'isRunning'],
    noNullPrototype: true,
  },
)
type Parts = typeof parts extends fc.Arbitrary<infer P> ? P : never

interface Node {
  readonly parts: Parts
  readonly children: readonly Node[]
}

const node = fc.letrec<{ node: Node }>(tie => ({
  node: fc.record({
    parts,
    children: fc.oneof({ maxDepth: 3 }, fc.constant([]), fc.array(tie('node'), { maxLength: 2 })),
  }),
})).node

let ids = 0

function spanOf({ parts, children }: Node, start: bigint, parentId: string | undefined): Span {
  const { after: _, lasted, isRunning, exitError, ...rest } = parts
  const id = (++ids).toString(16).padStart(16, '0')
  let next = start
  return {
    id,
    ...(parentId !== undefined && { parentId }),
    ...rest,
    startTime: start,
    ...(!isRunning && { endTime: start + lasted }),
    ...(!isRunning && exitError && { exitError }),
    status: isRunning ? 'started' : exitError ? 'failed' : 'succeeded',
    children: children.map(child => spanOf(child, (next += child.parts.after), id)),
  } as Span
}

/** No id of a span that is made here, which are counted from 1 on. */
function elsewhere(id: string): string {
  return `f${id.slice(1)}`
}

export const spanTree: fc.Arbitrary<SpanTree> = fc
  .record({ traceId, node, late: fc.boolean(), remote: fc.boolean(), parentId: hex16.map(elsewhere) })
  .map(({ traceId, node, late, remote, parentId }) => ({
    traceId,
    root: spanOf(node, EPOCH, late || remote ? parentId : undefined),
    ...(late && { late }),
    ...(remote && { remote }),
  }))
