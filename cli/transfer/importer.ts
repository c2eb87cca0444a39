import { w3cTraceId } from '../../model/index.ts'
import { decodeRequest, JSON_TYPE, OtlpError } from '../../otlp/index.ts'
import { batchesOfLogs, batchesOfSpans, type OtlpBatches } from '../../receiver/otlp-batches.ts'
import type { SpanBatch, SpanRecord } from '../../store/span-record.ts'
import type { Session } from '../query/store-command.ts'
import type { Findings } from './findings.ts'
import type { JsonDocument } from './json-documents.ts'
import { type Json, spanOfFields } from './span-of-json.ts'
import { isTreeLine, readTree } from './tree-line.ts'

export interface Found {
  readonly traces: number
  readonly spans: number
  readonly refused: number
  /** Documents that are no traces. */
  readonly unknown: number
  /** Why a span was refused. */
  readonly example?: string
}

/** Spans that are written at a time. */
const BATCH = 1_000
/** The same of a profile, whose traces can have hundreds of thousands: for each batch the store looks through the whole trace. */
const PROFILE_BATCH = 10_000

/** A span that was read from a profile. */
export interface FoundSpan {
  /** Where it is in the file. */
  readonly path: string
  /** As docs/receiver-protocol.md has it, without its revision. */
  readonly fields: Json
}

/** Keeps what documents say, in batches of one set of tags. */
export class Importer {
  readonly findings: Findings
  readonly #session: Session
  readonly #tags: Readonly<Record<string, string>>
  /** W3C ids: documents of one trace may have made up several ksuids. */
  readonly #traces = new Set<string>()
  #pending:
    | (Omit<SpanBatch, 'namespace' | 'spans'> & { readonly key: string; readonly spans: SpanRecord[] })
    | undefined
  #found: Found = { traces: 0, spans: 0, refused: 0, unknown: 0 }

  constructor(session: Session, tags: Readonly<Record<string, string>>, findings: Findings) {
    this.findings = findings
    this.#session = session
    this.#tags = tags
  }

  get found(): Found {
    return { ...this.#found, traces: this.#traces.size }
  }

  async take({ text, json }: JsonDocument): Promise<void> {
    if (isTreeLine(json)) {
      const { tags, run, records, issues } = readTree(json)
      this.#refuse(issues.length, issues[0])
      await this.#add({ tags, ...(run !== undefined && { run }) }, records)
    } else if (isOtlp(json)) {
      await this.#takeOtlp(text, json)
    } else {
      this.#found = { ...this.#found, unknown: this.#found.unknown + 1 }
    }
  }

  async takeSpans(tags: Readonly<Record<string, string>>, found: readonly FoundSpan[]): Promise<void> {
    const records: SpanRecord[] = []
    for (const { path, fields } of found) {
      const record = spanOfFields(fields)
      if (typeof record === 'string') this.findings.name(path, record)
      else records.push(record)
    }
    for (let at = 0; at < records.length; at += PROFILE_BATCH)
      await this.#add({ tags }, records.slice(at, at + PROFILE_BATCH))
  }

  async flush(): Promise<void> {
    const pending = this.#pending
    this.#pending = undefined
    if (pending === undefined || pending.spans.length === 0) return
    const { key: _, ...batch } = pending
    const { accepted, refused } = await this.#session.client.write({ namespace: this.#session.namespace, ...batch })
    const left = new Set(refused.map(({ index }) => index))
    for (const [i, { traceId }] of batch.spans.entries()) if (!left.has(i)) this.#traces.add(w3cTraceId(traceId))
    this.#found = { ...this.#found, spans: this.#found.spans + accepted }
    this.#refuse(refused.length, refused[0]?.reason)
  }

  /** Spans and logs of one document, the spans first. */
  async #takeOtlp(text: string, json: object): Promise<void> {
    const body = new TextEncoder().encode(text)
    const { namespace } = this.#session
    const now = BigInt(Date.now()) * 1_000n
    try {
      if ('resourceSpans' in json)
        await this.#addAll(batchesOfSpans(decodeRequest(JSON_TYPE, 'traces', body), namespace, now))
      if ('resourceLogs' in json)
        await this.#addAll(batchesOfLogs(decodeRequest(JSON_TYPE, 'logs', body), namespace, now))
    } catch (error) {
      if (!(error instanceof OtlpError)) throw error
      this.#found = { ...this.#found, unknown: this.#found.unknown + 1 }
    }
  }

  async #addAll({ batches, rejected }: OtlpBatches): Promise<void> {
    this.#refuse(rejected, 'ids that are none')
    for (const { tags, spans } of batches) await this.#add({ tags }, spans)
  }

  async #add(head: Pick<SpanBatch, 'tags' | 'run'>, spans: readonly SpanRecord[]): Promise<void> {
    const tags = { ...head.tags, ...this.#tags }
    const key = JSON.stringify([tags, head.run])
    if (this.#pending && this.#pending.key !== key) await this.flush()
    this.#pending ??= { ...head, tags, key, spans: [] }
    for (const span of spans) this.#pending.spans.push(span)
    if (this.#pending.spans.length >= BATCH) await this.flush()
  }

  #refuse(count: number, why: string | undefined): void {
    if (count === 0) return
    const example = this.#found.example ?? why
    this.#found = { ...this.#found, refused: this.#found.refused + count, ...(example !== undefined && { example }) }
  }
}

function isOtlp(json: unknown): json is object {
  return typeof json === 'object' && json !== null && ('resourceSpans' in json || 'resourceLogs' in json)
}
