import { isUtf8 } from 'node:buffer'
import {
  type ContentType,
  decodeRequest,
  encodeAnswer,
  encodeStatus,
  OtlpError,
  PROTOBUF,
  type Signal,
} from '../otlp/index.ts'
import type { SpanBatch, SpanRecord } from '../store/span-record.ts'
import type { TraceStore, WriteResult } from '../store/trace-store.ts'
import { GroupCommit } from './group-commit.ts'
import { checkJsonBounds } from './json-bounds.ts'
import { batchesOfLogs, batchesOfSpans } from './otlp-batches.ts'
import { Refusal } from './refusal.ts'
import { release } from './release.ts'
import { readSpan } from './span-reader.ts'
import { issueOfSpan, type Payload, readPayload } from './span-schema.ts'

/** What came in: `signal` of OTLP, or spans as we write them. */
export interface Incoming {
  readonly namespace: string
  readonly signal: 'spans' | Signal
  readonly type: ContentType
  /** Unpacked. */
  readonly body: Uint8Array<ArrayBuffer>
}

export interface IngestAnswer {
  readonly status: number
  readonly type: ContentType
  readonly body: string | Uint8Array
  readonly accepted: number
  readonly refused: number
}

/** Why what was read was refused; hostile batches can have millions. */
const MAX_REFUSED = 10_000
/** Of `google.rpc.Code`. */
const INVALID_ARGUMENT = 3

/** Reads what came in, and answers when it is kept. */
export class Ingest {
  readonly commit: GroupCommit

  constructor(store: Pick<TraceStore, 'write'>) {
    this.commit = new GroupCommit(store)
  }

  /** Throws a `Refusal` for what cannot be read, a `StoreError` for what cannot be kept. */
  async receive({ namespace, signal, type, body }: Incoming): Promise<IngestAnswer> {
    if (type !== PROTOBUF) checkJsonBounds(body)
    if (signal === 'spans') return this.#spans(namespace, body)
    try {
      return await this.#otlp(namespace, signal, type, body)
    } catch (error) {
      if (!(error instanceof OtlpError)) throw error
      const status = encodeStatus(type, INVALID_ARGUMENT, error.message)
      return { status: 400, type, body: status, accepted: 0, refused: 0 }
    }
  }

  async #spans(namespace: string, body: Uint8Array<ArrayBuffer>): Promise<IngestAnswer> {
    const { tags, run, health, spans } = payloadOf(body)
    release(body)
    const records: SpanRecord[] = []
    const places: number[] = []
    const refused: { index: number; reason: string }[] = []
    for (const [index, json] of spans.entries()) {
      const record = readSpan(json)
      if (record === undefined) refused.push({ index, reason: reasonOf(json) })
      else {
        records.push(record)
        places.push(index)
      }
    }
    const head = { namespace, tags, ...(run !== undefined && { run }), ...(health && { health }) }
    const result = await this.#write({ ...head, spans: records })
    for (const { index, reason } of result.refused) refused.push({ index: places[index] as number, reason })
    const answer = { accepted: result.accepted, refused: refused.slice(0, MAX_REFUSED) }
    return {
      status: 200,
      type: 'application/json',
      body: JSON.stringify(answer),
      accepted: result.accepted,
      refused: refused.length,
    }
  }

  async #otlp(namespace: string, signal: Signal, type: ContentType, body: Uint8Array): Promise<IngestAnswer> {
    const now = BigInt(Date.now()) * 1_000n
    const { batches, rejected } =
      signal === 'traces'
        ? batchesOfSpans(decodeRequest(type, 'traces', body), namespace, now)
        : batchesOfLogs(decodeRequest(type, 'logs', body), namespace, now)
    const results = await Promise.all(batches.map(batch => this.#write(batch)))
    const accepted = results.reduce((sum, result) => sum + result.accepted, 0)
    const reasons = new Set(results.flatMap(result => result.refused.map(({ reason }) => reason)))
    const refused = rejected + results.reduce((sum, result) => sum + result.refused.length, 0)
    if (rejected > 0) reasons.add(signal === 'traces' ? 'ids that are none' : 'log records outside of a span')
    const partial = { rejected: refused, message: [...reasons].join('; ') }
    return { status: 200, type, body: encodeAnswer(type, signal, partial), accepted, refused }
  }

  async #write(batch: SpanBatch): Promise<WriteResult> {
    // Without spans it still says how the sender is, and acknowledging nothing costs nothing.
    if (batch.spans.length === 0 && batch.health === undefined) return { accepted: 0, refused: [] }
    return this.commit.write(batch)
  }
}

function payloadOf(body: Uint8Array<ArrayBuffer>): Payload {
  const read = readPayload(jsonOf(body))
  if ('payload' in read) return read.payload
  const [first] = read.issues
  throw new Refusal(400, `${first?.path || 'the body'}: ${first?.message}`, { issues: read.issues })
}

function jsonOf(body: Uint8Array<ArrayBuffer>): unknown {
  if (!isUtf8(body)) throw new Refusal(400, 'the body is not UTF-8')
  try {
    return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString())
  } catch (error) {
    throw new Refusal(400, `the body is not JSON: ${(error as Error).message}`)
  }
}

function reasonOf(json: unknown): string {
  const issue = issueOfSpan(json)
  if (issue === undefined) return 'malformed'
  return issue.path === '' ? issue.message : `${issue.path}: ${issue.message}`
}
