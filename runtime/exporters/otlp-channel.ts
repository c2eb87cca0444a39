import { gzipSync } from 'node:zlib'
import {
  decodeAnswer,
  type Group,
  type PartEncoder,
  PROTOBUF,
  partEncoder,
  type RecordOf,
  type Signal,
} from '../../otlp/index.ts'
import { type Batch, Batcher } from './batch.ts'
import { Bytes } from './bytes.ts'
import { Delivery, type Outcome } from './delivery.ts'
import type { OtlpOptions, SignalSettings } from './otlp-settings.ts'
import { type Parcel, SendQueue } from './send-queue.ts'
import { type SyncRequest, sendSync } from './send-sync.ts'

const MAX_QUEUE_BYTES = 32 << 20

/** The way of one signal to its address: encoded, gathered, queued, delivered; and what became of it. */
export class OtlpChannel<S extends Signal> {
  taken = 0
  delivered = 0
  readonly dropped: Record<string, number> = {}
  lastError: string | undefined
  /** Where records may be written to, as they stand in a request. */
  readonly written: Bytes = new Bytes()
  readonly #signal: S
  readonly #settings: SignalSettings
  readonly #encoder: PartEncoder<S>
  readonly #batcher: Batcher<Uint8Array>
  readonly #queue: SendQueue<Parcel>
  readonly #delivery: Delivery

  constructor(signal: S, settings: SignalSettings, options: OtlpOptions, source: Omit<Group<never>, 'records'>) {
    const { url, headers, compression, timeout, type } = settings
    const { post, clock, giveUpAfter, batch, maxQueueBytes } = options
    const injected = { ...(post && { post }), ...(clock && { clock }) }
    this.#signal = signal
    this.#settings = settings
    this.#encoder = partEncoder(type, signal, source)
    this.#delivery = new Delivery({
      url,
      headers,
      compression,
      timeout,
      ...injected,
      ...(giveUpAfter !== undefined && { giveUpAfter }),
    })
    this.#batcher = new Batcher(each => this.#queue.push(this.#parcel(each)), batch, clock)
    this.#queue = new SendQueue<Parcel>({
      send: ({ body }, signal) => this.#delivery.deliver(body, type, signal),
      settled: (parcel, outcome) => this.#settled(parcel, outcome),
      dropped: ({ count }) => this.#drop('no room', count),
      maxBytes: maxQueueBytes ?? MAX_QUEUE_BYTES,
      ...injected,
    })
  }

  /** Records that wait. */
  get queued(): number {
    return this.#batcher.count + this.#queue.count
  }

  /** Whether records are added as parts of Protocol Buffers. */
  get isProtobuf(): boolean {
    return this.#settings.type === PROTOBUF
  }

  add(records: readonly RecordOf<S>[]): void {
    if (records.length > 0) this.#add(this.#encoder.part(records), records.length)
  }

  /** Takes what has been written to `written`, which is that many records. */
  addWritten(count: number): void {
    this.#add(this.written.take(), count)
  }

  #add(part: Uint8Array, count: number): void {
    this.taken += count
    this.#batcher.add(part, count, part.length)
  }

  async flush(deadline: number): Promise<void> {
    this.#batcher.flush()
    this.#delivery.hurry()
    await this.#queue.empty(deadline)
  }

  /** All that waits, as requests for `sent`, which is to be told of their answers. */
  take(): { readonly requests: readonly SyncRequest[]; sent(statuses: readonly number[]): void } {
    const batch = this.#batcher.take()
    const parcels = [...this.#queue.takeAll(), ...(batch === undefined ? [] : [this.#parcel(batch)])]
    return {
      requests: parcels.map(({ body }) => this.#syncRequest(body)),
      sent: statuses => {
        for (const [i, { count }] of parcels.entries()) this.#sentSync(statuses[i] ?? 0, count)
      },
    }
  }

  #parcel({ entries, count }: Batch<Uint8Array>): Parcel {
    const body = this.#encoder.request(entries)
    for (const entry of entries) this.written.release(entry)
    return { body, count }
  }

  #syncRequest(body: Uint8Array): SyncRequest {
    const { url, headers, type, compression } = this.#settings
    const given = { ...headers, 'content-type': type }
    return compression === 'none'
      ? { url, headers: given, body }
      : { url, headers: { ...given, 'content-encoding': 'gzip' }, body: gzipSync(body) }
  }

  #sentSync(status: number, count: number): void {
    if (status >= 200 && status < 300) this.delivered += count
    else this.#drop(status === 0 ? 'not delivered before the end' : `HTTP ${status}`, count)
  }

  #settled({ count }: Parcel, outcome: Outcome): void {
    if (outcome.kind === 'undelivered') this.#fail('not delivered', outcome.reason, count)
    else if (outcome.kind === 'refused') this.#fail('refused', `HTTP ${outcome.answer.status}`, count)
    else this.#accepted(outcome.answer.body, count)
  }

  #accepted(body: Uint8Array, count: number): void {
    const { rejected, message } = this.#partial(body)
    const refused = Math.min(count, Math.max(0, rejected))
    this.delivered += count - refused
    this.lastError = undefined
    if (refused > 0) this.#fail('refused', message, refused)
  }

  #partial(body: Uint8Array): { readonly rejected: number; readonly message: string } {
    try {
      return decodeAnswer(this.#settings.type, this.#signal, body)
    } catch {
      // It was accepted, whatever else the answer says.
      return { rejected: 0, message: '' }
    }
  }

  #fail(reason: string, error: string, count: number): void {
    this.lastError = error
    this.#drop(reason, count)
  }

  #drop(reason: string, count: number): void {
    this.dropped[reason] = (this.dropped[reason] ?? 0) + count
  }
}

/** Sends what waits in these channels while the process ends. */
export function sendAllSync(channels: readonly OtlpChannel<Signal>[], timeout: number): void {
  const taken = channels.map(channel => channel.take())
  const requests = taken.flatMap(({ requests }) => requests)
  const statuses = sendSync(requests, timeout)
  for (const { requests, sent } of taken) sent(statuses.splice(0, requests.length))
}
