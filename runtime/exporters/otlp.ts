/**
 * Traces to whatever takes OpenTelemetry's protocol: a collector, or a vendor. Each trace is encoded when it is complete and sent
 * with others; docs/opentelemetry.md says what becomes what.
 */
import type { SpanTree } from '../../model/index.ts'
import { type EndOf, type RecordsAs, SCHEMA_URL, type Signal, wireTree } from '../../otlp/index.ts'
import { epochNanoseconds, now } from '../clock.ts'
import { type Recording, recordingOf } from '../recording.ts'
import { shared } from '../shared.ts'
import { origin } from '../tags.ts'
import { untraced } from '../untraced.ts'
import type { Exporter, ExporterHealth } from './exporter.ts'
import { writeOtlpSpans } from './otlp-call.ts'
import { OtlpChannel, sendAllSync } from './otlp-channel.ts'
import { RunningSpans } from './otlp-running.ts'
import { type OtlpOptions, resourceAttributes, settingsOf } from './otlp-settings.ts'

export type { OtlpOptions } from './otlp-settings.ts'

/** Milliseconds that the end of the process may be held up. */
const MAX_SYNC_WAIT = 2_000

/** Throws a `TypeError` for an address that is none. */
export function otlpExporter(options: OtlpOptions = {}): OtlpExporter {
  return new OtlpExporter(options)
}

/** See `otlpExporter`. */
export class OtlpExporter implements Exporter {
  readonly #recordsAs: RecordsAs
  readonly #traces: OtlpChannel<'traces'>
  readonly #logs: OtlpChannel<'logs'>
  readonly #running = new RunningSpans()
  readonly #name: string
  #isShutDown = false

  constructor(options: OtlpOptions) {
    const { env } = process
    const { tags, run } = origin()
    const resource = { ...resourceAttributes(tags, options.resource, env), ...(run && { 'span_tree.run': run }) }
    const source = { resource, scope: { name: 'span-tree' }, schemaUrl: SCHEMA_URL }
    const settings = settingsOf(options, 'traces', env)
    this.#recordsAs = options.recordsAs ?? 'logs'
    this.#traces = new OtlpChannel('traces', settings, options, source)
    this.#logs = new OtlpChannel('logs', settingsOf(options, 'logs', env), options, source)
    this.#name = `otlp ${settings.url}`
  }

  /** Spans that were not delivered, for whatever reason. */
  get dropped(): number {
    return sum(this.#traces.dropped)
  }

  /** Log records that were not delivered. */
  get droppedLogs(): number {
    return sum(this.#logs.dropped)
  }

  export(tree: SpanTree): void {
    if (this.#isShutDown) return
    const recording = this.#traces.isProtobuf && !this.#running.has(tree.traceId) ? recordingOf(tree) : undefined
    if (recording !== undefined) {
      this.#addRecorded(tree, recording)
      return
    }
    for (const over of this.#running.update(tree)) this.#add(over, asEnding)
    this.#add(tree)
  }

  /** Spans that still run are not sent. */
  async flush(deadline: number): Promise<void> {
    await Promise.all([this.#traces.flush(deadline), this.#logs.flush(deadline)])
  }

  /**
   * Also spans that still run, as ending now. What is under way is sent again, since nobody will see its answer: a span that
   * comes twice has the same id.
   */
  flushSync(): void {
    this.#addRunning()
    untraced(() => sendAllSync(this.#channels, MAX_SYNC_WAIT))
  }

  async shutdown(deadline: number): Promise<void> {
    this.#addRunning()
    this.#isShutDown = true
    await this.flush(deadline)
    for (const channel of this.#channels) channel.take().sent([])
  }

  health(): ExporterHealth {
    const { taken, delivered, dropped, queued, lastError } = this.#traces
    return {
      name: this.#name,
      taken,
      adopted: 0,
      delivered,
      dropped: { ...dropped },
      queued,
      spooled: 0,
      spoolBytes: 0,
      ...(lastError !== undefined && { lastError }),
    }
  }

  get #channels(): readonly OtlpChannel<Signal>[] {
    return [this.#traces, this.#logs]
  }

  #addRunning(): void {
    for (const tree of this.#running.takeAll()) this.#add(tree, asEnding)
  }

  #addRecorded(tree: SpanTree, recording: Recording): void {
    const { written } = this.#traces
    written.clear()
    const logs = writeOtlpSpans(written, tree, recording, this.#recordsAs)
    this.#traces.addWritten(recording.spans.length)
    this.#logs.add(logs)
  }

  #add(tree: SpanTree, endOf?: EndOf): void {
    const { spans, logs } = wireTree(tree, this.#recordsAs, endOf)
    this.#traces.add(spans)
    this.#logs.add(logs)
  }
}

shared.extras.otlp = endpoint => new OtlpExporter(endpoint === undefined ? {} : { endpoint })

const asEnding: EndOf = ({ endTime }) => endTime ?? epochNanoseconds(now())

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0)
}
