/** What a shop's processes send: traces of some twenty spans, as records and in batches of a thousand spans. */
import { newTraceId } from '../../model/index.ts'
import { revisionOf, type SpanBatch, type SpanRecord } from '../../store/index.ts'
import { Random } from '../../test/support/random.ts'

export const BATCH = 1_000
const HOSTS = 20
const ROUTES = 40
const FUNCTIONS = 200
const SPANS = 20

/** How processes number their spans: ours count on from a random start, those of OpenTelemetry's SDKs take eight random bytes for each. */
export type SpanIds = 'counted' | 'random'

/** Begins at `start` (nanoseconds since the Unix epoch), 5 ms from trace to trace. The same for the same seed, but for the traces' ids. */
export class Workload {
  readonly #random: Random
  readonly #ids: SpanIds
  #now: bigint
  #spanId = 0x4715_d8fa_2174_0000n
  #pending: SpanRecord[] = []
  #customer = 0

  constructor(seed: number, start: bigint, ids: SpanIds = 'counted') {
    this.#random = new Random(seed)
    this.#now = start
    this.#ids = ids
  }

  next(): SpanBatch {
    while (this.#pending.length < BATCH) this.#trace()
    const host = this.#random.below(HOSTS)
    return {
      namespace: 'shop',
      tags: {
        app: host % 2 ? 'shop' : 'payments',
        version: `1.${host % 3}.0`,
        environment: 'production',
        host: `web-${host}`,
      },
      run: 1,
      spans: this.#pending.splice(0, BATCH),
    }
  }

  #trace(): void {
    this.#now += 5_000_000n
    const traceId = newTraceId(Number(this.#now / 1_000_000n))
    const ids: string[] = []
    for (let i = 0; i < SPANS; i++) {
      ids.push(this.#newSpanId())
      const parentId = i === 0 ? undefined : ids[this.#random.below(i)]
      this.#pending.push(this.#span(traceId, ids[i] as string, parentId, i))
    }
  }

  #span(traceId: string, id: string, parentId: string | undefined, i: number): SpanRecord {
    const at = this.#random.below(FUNCTIONS)
    const name = parentId === undefined ? `GET /route-${this.#random.below(ROUTES)}` : `Service${at % 20}.method${at}`
    const startTime = this.#now + BigInt(i * 1_000)
    const endTime = startTime + BigInt(100_000 + this.#random.below(5_000_000))
    const fails = this.#random.below(200) === 0
    const site = {
      id: `src/services/service${at % 20}.ts#${name}`,
      name,
      functionKind: 'method',
      line: at,
      column: 3,
    } as const
    return {
      traceId,
      rev: revisionOf(true, endTime / 1_000n),
      id,
      ...(parentId !== undefined && { parentId }),
      name,
      kind: parentId === undefined ? 'server' : 'internal',
      ...(parentId !== undefined && {
        site: { ...site, file: `src/services/service${at % 20}.ts`, parameters: [], options: {} },
      }),
      startTime,
      endTime,
      status: fails ? 'failed' : 'succeeded',
      level: 'info',
      attributes:
        i % 4 === 0
          ? { customer: `c-${++this.#customer}`, total: this.#random.below(10_000) / 100, currency: 'EUR' }
          : {},
      messages: i % 3 === 0 ? [this.#message(startTime)] : [],
      handledErrors: [],
      ...(fails && {
        exitError: {
          kind: 'error',
          type: 'TypeError',
          message: `no price for article ${this.#customer}`,
          attributes: {},
        },
      }),
    }
  }

  #newSpanId(): string {
    if (this.#ids === 'counted') return (++this.#spanId).toString(16)
    const half = (): string =>
      this.#random
        .below(2 ** 32)
        .toString(16)
        .padStart(8, '0')
    return half() + half()
  }

  #message(time: bigint): SpanRecord['messages'][number] {
    const text = `order ${this.#random.below(1_000_000)} of customer ${this.#customer} accepted`
    return { time, level: 'info', text, logger: 'shop.orders', attributes: { articles: this.#random.below(20) } }
  }
}
