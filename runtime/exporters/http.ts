import { writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Span, SpanTree } from '../../model/index.ts'
import { health } from '../health.ts'
import { collector, shared } from '../shared.ts'
import { stateFolder } from '../state-folder.ts'
import { origin, type Tags } from '../tags.ts'
import { type Batch, Batcher, type BatchLimits } from './batch.ts'
import { Bytes } from './bytes.ts'
import { type Compression, compress } from './compression.ts'
import { Delivery } from './delivery.ts'
import type { Exporter, ExporterHealth } from './exporter.ts'
import type { Post } from './http-post.ts'
import { destinationOf, refusedIn, requestBody, spansUrl } from './receiver-protocol.ts'
import { RunningSchedule } from './running-schedule.ts'
import { type SenderClock, SYSTEM_CLOCK } from './sender-clock.ts'
import type { Encoding, PackedBatch } from './spool/segment.ts'
import { Spool, type SpoolLimits } from './spool/spool.ts'
import { SpooledQueue } from './spooled-queue.ts'
import { writeSpans, writeWanted } from './wire-span.ts'

export interface SpoolOptions extends Partial<SpoolLimits> {
  /** `always`: each batch is on disk before it is sent; `on-failure` (unless told): only what cannot be sent. */
  readonly when?: 'always' | 'on-failure'
  /** In place of a folder in the user's state folder. */
  readonly folder?: string
}

export interface HttpOptions {
  /** Of the receiver: `http://localhost:4000`. */
  readonly url: string
  /** `SPAN_TREE_API_KEY` unless told. */
  readonly apiKey?: string
  /** Over those of `configure`, for this receiver. */
  readonly tags?: Tags
  /** zstd unless told, where this Node has it, else gzip. */
  readonly compression?: Compression
  /** 2,000 spans, 2 MiB or one second unless told. */
  readonly batch?: Partial<BatchLimits>
  /** Where spans wait while the receiver is away: `false` in memory only. */
  readonly spool?: SpoolOptions | 'always' | 'on-failure' | false
  /** Milliseconds that a span runs before it is published for the first time (1,000); `false`: spans are published when they have ended. */
  readonly publishRunning?: number | false
  /**
   * Milliseconds that the end of the process may be held up to deliver what is pending (`SPAN_TREE_EXIT_TIMEOUT`, else 2,000); 0: it is left on
   * disk.
   */
  readonly exitTimeout?: number
  /** Milliseconds for one request (10,000). */
  readonly timeout?: number
}

/**
 * In place of the world's, for tests.
 * @internal
 */
export interface HttpSurroundings {
  readonly post?: Post
  readonly clock?: SenderClock
}

type Settings = HttpOptions & Required<Pick<HttpOptions, 'compression' | 'publishRunning' | 'exitTimeout'>>

const DEFAULTS = { compression: 'zstd', publishRunning: 1_000, exitTimeout: 2_000 } as const

/** Sends spans to a receiver. Throws a `TypeError` where `url` is none. */
export function httpExporter(options: HttpOptions): HttpExporter {
  return new HttpExporter(options)
}

// For `SPAN_TREE=http://…`: a program that is bundled into one file finds no package by then, and imports this module itself.
shared.extras.receiver = url => new HttpExporter({ url })

/** See `httpExporter`. */
export class HttpExporter implements Exporter {
  #taken = 0
  readonly #options: Settings
  readonly #url: string
  readonly #clock: SenderClock
  /** Where traces are written to, one after the other. */
  readonly #written = new Bytes()
  /** Where bodies are put together. */
  readonly #bodies = new Bytes()
  readonly #ended: Batcher<Uint8Array>
  readonly #running: Batcher<Uint8Array>
  readonly #schedule: RunningSchedule
  readonly #spool: Spool | undefined
  readonly #queue: SpooledQueue
  readonly #runningDelivery: Delivery
  /** Being compressed. */
  readonly #packing = new Set<PackedBatch>()
  #packed: Promise<void> = Promise.resolve()
  #complained = false
  /** What was pending has been sent, and the process ends. */
  #over = false
  readonly progress?: (tree: SpanTree) => void

  /** @internal */
  constructor(options: HttpOptions, { post, clock = SYSTEM_CLOCK }: HttpSurroundings = {}) {
    const told = Number(process.env['SPAN_TREE_EXIT_TIMEOUT'] || Number.NaN)
    this.#options = { ...DEFAULTS, ...(told >= 0 && { exitTimeout: told }), ...options }
    this.#url = spansUrl(options.url)
    this.#clock = clock
    const { batch, spool, publishRunning, timeout } = this.#options
    const apiKey = options.apiKey ?? process.env['SPAN_TREE_API_KEY']
    const headers: Record<string, string> = apiKey ? { authorization: `Bearer ${apiKey}` } : {}
    const shape = { url: this.#url, headers, clock, ...(post && { post }), ...(timeout !== undefined && { timeout }) }
    const choice: SpoolOptions | false = typeof spool === 'string' ? { when: spool } : (spool ?? {})
    this.#spool = choice === false ? undefined : spoolFor(destinationOf(this.#url, apiKey), choice, clock)
    const always = choice !== false && choice.when === 'always'
    this.#queue = new SpooledQueue({
      ...shape,
      spool: this.#spool,
      always,
      refusedIn,
      onRefused: reason => this.#complain(reason),
    })
    this.#ended = new Batcher(full => this.#pack(full), batch, clock)
    this.#running = new Batcher(full => void this.#publish(full), batch, clock)
    this.#runningDelivery = new Delivery({ ...shape, compression: this.#options.compression, giveUpAfter: 0 })
    this.#schedule = new RunningSchedule(publishRunning || 0)
    if (publishRunning !== false) this.progress = tree => this.#progress(tree)
  }

  export(tree: SpanTree): void {
    this.#schedule.ended(tree.traceId)
    this.#written.clear()
    const count = writeSpans(this.#written, tree, this.#now())
    const spans = this.#written.take()
    this.#taken += count
    if (this.#over) this.#queue.keep(this.#batchOf({ entries: [spans], count, bytes: 0 }))
    else this.#ended.add(spans, count, spans.length)
  }

  async flush(deadline: number): Promise<void> {
    const end = this.#clock.now() + deadline
    this.#ended.flush()
    await this.#packed
    await this.#queue.flush(Math.max(0, end - this.#clock.now()))
  }

  flushSync(): void {
    const last = this.#ended.take()
    const entries = [...this.#packing, ...(last === undefined ? [] : [this.#batchOf(last)])]
    this.#packing.clear()
    this.#queue.flushSync(entries, this.#options.exitTimeout)
    this.#over = collector.ending
  }

  async shutdown(deadline: number): Promise<void> {
    await this.flush(deadline)
    this.#running.take()
    this.#queue.close()
  }

  health(): ExporterHealth {
    const { counts, lastError } = this.#queue
    const spool = this.#spool
    const dropped = {
      refused: counts.refused,
      'no room': counts.noRoom + (spool?.counts.overflowed ?? 0),
      'too old': spool?.counts.expired ?? 0,
      damaged: spool?.counts.damaged ?? 0,
    }
    return {
      name: `http ${new URL(this.#url).origin}`,
      taken: this.#taken,
      adopted: spool?.counts.adopted ?? 0,
      delivered: counts.delivered,
      dropped: Object.fromEntries(Object.entries(dropped).filter(([, count]) => count > 0)),
      queued: this.#ended.count + sum(this.#packing) + this.#queue.queued,
      spooled: spool?.spans ?? 0,
      spoolBytes: spool?.bytes ?? 0,
      ...(spool === undefined && this.#options.spool !== false && { note: 'no folder for a spool can be written' }),
      ...(lastError !== undefined && { lastError }),
    }
  }

  /** Spans that have run for a while, of a trace that still does. */
  #progress(tree: SpanTree): void {
    if (this.#queue.away || !this.#schedule.isDue(tree.traceId, this.#clock.now())) return
    const now = this.#now()
    const since = (now - BigInt(this.#options.publishRunning || 0) * 1_000n) * 1_000n
    const isLong = (span: Span): boolean => span.endTime === undefined && span.startTime <= since
    this.#written.clear()
    const count = writeWanted(this.#written, tree, now, isLong)
    const spans = this.#written.take()
    if (count > 0) this.#running.add(spans, count, spans.length)
  }

  /** They come again when they have ended, so that no second attempt is made. */
  async #publish(batch: Batch<Uint8Array>): Promise<void> {
    await this.#runningDelivery.deliver(this.#body(batch), 'application/json')
  }

  #pack(full: Batch<Uint8Array>): void {
    const batch = this.#batchOf(full)
    this.#packing.add(batch)
    const packed = compress(batch.body, this.#options.compression)
    // One after the other, so that they stay in order.
    this.#packed = this.#packed.then(async () => {
      const { body, headers } = await packed.catch(() => ({ body: batch.body, headers: {} as Record<string, string> }))
      // Taken away meanwhile, since the process ends.
      if (!this.#packing.delete(batch)) return
      if (body !== batch.body) this.#bodies.release(batch.body)
      this.#queue.push({ body, encoding: (headers['content-encoding'] ?? '') as Encoding, spans: batch.spans })
    })
  }

  #batchOf(batch: Batch<Uint8Array>): PackedBatch {
    return { body: this.#body(batch), encoding: '', spans: batch.count }
  }

  #body({ entries }: Batch<Uint8Array>): Buffer {
    const { tags, ...run } = origin()
    const head = { tags: { ...tags, ...this.#options.tags }, ...run, health: health() }
    const body = requestBody(head, entries, this.#bodies)
    for (const entry of entries) this.#written.release(entry)
    return body
  }

  /** Microseconds since the Unix epoch. */
  #now(): bigint {
    return BigInt(Math.round(this.#clock.now() * 1_000))
  }

  /** Once: a wrong key or a wrong address would otherwise lose everything in silence. */
  #complain(reason: string): void {
    if (this.#complained) return
    this.#complained = true
    const hint = /^HTTP 40[13]$/.test(reason) ? ': it wants another key (SPAN_TREE_API_KEY)' : ''
    try {
      writeSync(2, `span-tree: ${this.#url} does not take spans: ${reason}${hint}\n`)
    } catch {
      // Nobody reads it.
    }
  }
}

function spoolFor(destination: string, options: SpoolOptions, clock: SenderClock): Spool | undefined {
  const folder = options.folder ?? stateFolder('spool')
  try {
    return folder === undefined ? undefined : new Spool(join(folder, destination), options, clock)
  } catch {
    // It says so in its health.
    return undefined
  }
}

function sum(batches: Iterable<PackedBatch>): number {
  let spans = 0
  for (const batch of batches) spans += batch.spans
  return spans
}
