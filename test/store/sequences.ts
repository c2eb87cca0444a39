import fc from 'fast-check'
import { ksuidOf } from '../../model/ksuid.ts'
import { revisionOf, type SpanBatch, type SpanRecord } from '../../store/index.ts'
import { Random } from '../support/random.ts'
import { at, NOON, site, spanId } from './spans.ts'

export interface Plan {
  readonly traces: readonly { readonly traceId: string; readonly copies: readonly SpanRecord[] }[]
  /** For the order in which they come. */
  readonly seed: number
}

interface SpanPlan {
  readonly parent: number
  readonly start: number
  readonly duration: number
  readonly kind: 'running' | 'ends' | 'ends twice' | 'ends at once' | 'fails' | 'logs'
  readonly extra: 'slow' | 'reference' | 'late' | 'none'
}

const spanPlans: fc.Arbitrary<SpanPlan> = fc.record({
  parent: fc.nat(10),
  start: fc.nat(7_200_000),
  duration: fc.nat(5_000),
  kind: fc.constantFrom('running', 'ends', 'ends twice', 'ends at once', 'fails', 'logs'),
  extra: fc.constantFrom('slow', 'reference', 'late', 'none'),
})

/** A few traces, each span with the copies of it that are published. */
export const plans: fc.Arbitrary<Plan> = fc.record({
  seed: fc.nat(),
  traces: fc.array(fc.array(spanPlans, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 5 }).map(traces =>
    traces.map((spans, t) => {
      const traceId = ksuidOf([Math.floor((NOON - 1.4e12) / 1_000) + t, 1, 2, 3, t])
      return { traceId, copies: spans.flatMap((plan, i) => copiesOf(traceId, plan, i)) }
    }),
  ),
})

/** As processes send them: in order, or in any order, some of them twice, in batches of any size. */
export function batches({ traces, seed }: Plan, shuffled: boolean): SpanBatch[] {
  const random = new Random(seed)
  let copies = traces.flatMap(each => each.copies)
  if (shuffled) {
    copies = [...copies, ...copies.filter(() => random.below(3) === 0)]
    copies = copies
      .map(copy => ({ copy, key: random.next() }))
      .sort((a, b) => a.key - b.key)
      .map(({ copy }) => copy)
  }
  const made: SpanBatch[] = []
  while (copies.length > 0) {
    const size = shuffled ? 1 + random.below(6) : copies.length
    made.push({ namespace: 'default', tags: { app: 'shop', version: '1.0.0' }, spans: copies.splice(0, size) })
  }
  return made
}

function copiesOf(traceId: string, { parent, start, duration, kind, extra }: SpanPlan, i: number): SpanRecord[] {
  const startTime = at(start + i)
  const started: SpanRecord = {
    traceId,
    id: spanId(i + 1),
    ...(i > 0 && { parentId: spanId((parent % (i + 1)) + 1) }),
    name: `f${i % 3}`,
    kind: 'internal',
    site: site(`f${i % 3}`),
    startTime,
    status: 'started',
    level: 'info',
    attributes: {},
    messages: kind === 'logs' ? [logged(startTime)] : [],
    handledErrors: [],
    ...(extra === 'late' && { late: true }),
    ...(extra === 'reference' && { references: [{ id: 'm', role: 'source' as const }] }),
    rev: revisionOf(false, 1_000n),
  }
  if (kind === 'running') return [started, { ...started, rev: revisionOf(false, 2_000n) }]
  const fails = kind === 'fails'
  const ended: SpanRecord = {
    ...started,
    endTime: startTime + BigInt(duration) * 1_000_000n,
    status: fails ? 'failed' : 'succeeded',
    ...(fails && { exitError: { kind: 'error', type: `E${i % 2}`, message: 'failed', attributes: {} } }),
    ...(extra === 'slow' && { slow: { p50: 1n, p99: 2n } }),
    rev: revisionOf(true, 500n),
  }
  if (kind === 'ends twice')
    return [started, ended, { ...ended, rev: revisionOf(true, 700n), attributes: { again: true } }]
  return kind === 'ends at once' ? [ended] : [started, ended]
}

function logged(time: bigint): SpanRecord['messages'][number] {
  const error = { kind: 'error', type: 'Logged', message: 'x', attributes: {} } as const
  return { time, level: 'error', text: 'oh', logger: 'l', attributes: {}, error }
}
