import type { StoreStats } from '../store/trace-store.ts'

/** Seconds. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** What a receiver says of itself, as Prometheus reads it (https://prometheus.io/docs/instrumenting/exposition_formats/). Names no namespace. */
export class Metrics {
  readonly #requests = new Map<string, number>()
  readonly #spans = { accepted: 0, refused: 0 }
  readonly #durations = { counts: BUCKETS.map(() => 0), count: 0, sum: 0 }
  #bytes = 0

  /** `route`: one of few, never a path that was asked for. */
  answered(route: string, status: number): void {
    const key = `route="${route}",status="${status}"`
    this.#requests.set(key, (this.#requests.get(key) ?? 0) + 1)
  }

  /** `bytes`: unpacked; `seconds`: from the first byte to the commit. */
  ingested(accepted: number, refused: number, bytes: number, seconds: number): void {
    this.#spans.accepted += accepted
    this.#spans.refused += refused
    this.#bytes += bytes
    this.#durations.count++
    this.#durations.sum += seconds
    const bucket = BUCKETS.findIndex(limit => seconds <= limit)
    if (bucket >= 0) (this.#durations.counts[bucket] as number)++
  }

  text(pendingBytes: number, stats: StoreStats | undefined): string {
    return [
      ...metric('requests_total', 'counter', 'Requests answered', this.#requests),
      ...metric('spans_total', 'counter', 'Spans and log records that came in', [
        ['result="accepted"', this.#spans.accepted],
        ['result="refused"', this.#spans.refused],
      ]),
      ...metric('ingested_bytes_total', 'counter', 'Bytes of what was taken, unpacked', [['', this.#bytes]]),
      ...metric('pending_bytes', 'gauge', 'Bytes that wait for being kept', [['', pendingBytes]]),
      ...this.#histogram(),
      ...(stats === undefined ? [] : storeMetrics(stats)),
      ...metric(
        'process_resident_memory_bytes',
        'gauge',
        'Memory of the process',
        [['', process.memoryUsage.rss()]],
        '',
      ),
      '',
    ].join('\n')
  }

  #histogram(): string[] {
    const { counts, count, sum } = this.#durations
    let below = 0
    const buckets = BUCKETS.map((limit, i): [string, number] => {
      below += counts[i] as number
      return [`le="${limit}"`, below]
    })
    const lines = metric('ingest_duration_seconds', 'histogram', 'From the first byte to the commit', [])
    const sample = (suffix: string, labels: string, value: number): string =>
      sampleLine(`span_tree_ingest_duration_seconds${suffix}`, labels, value)
    return [
      ...lines,
      ...buckets.map(([labels, value]) => sample('_bucket', labels, value)),
      sample('_bucket', 'le="+Inf"', count),
      sample('_sum', '', sum),
      sample('_count', '', count),
    ]
  }
}

function storeMetrics({ bytes, unusedBytes, traces, pendingText }: StoreStats): string[] {
  return [
    ...metric('store_bytes', 'gauge', 'Bytes of the store on the disk', [['', bytes]]),
    ...metric('store_unused_bytes', 'gauge', 'Of these, not used any more', [['', unusedBytes]]),
    ...metric('store_traces', 'gauge', 'Traces that are kept', [['', traces]]),
    ...metric('store_pending_text', 'gauge', 'Traces whose text is not in the index yet', [['', pendingText]]),
  ]
}

type Samples = Iterable<readonly [labels: string, value: number]>

function metric(name: string, type: string, help: string, samples: Samples, prefix = 'span_tree_'): string[] {
  const full = `${prefix}${name}`
  const lines = Array.from(samples, ([labels, value]) => sampleLine(full, labels, value))
  return [`# HELP ${full} ${help}`, `# TYPE ${full} ${type}`, ...lines]
}

function sampleLine(name: string, labels: string, value: number): string {
  return `${name}${labels === '' ? '' : `{${labels}}`} ${value}`
}
