/**
 * Straight into a store's file, without a receiver in between: `SPAN_TREE=sqlite:./traces.db`. The one module of the store that knows the
 * runtime; it is loaded only where it is asked for.
 */
import { writeSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Span, SpanTree } from '../model/index.ts'
import { Batcher } from '../runtime/exporters/batch.ts'
import type { Exporter, ExporterHealth } from '../runtime/exporters/exporter.ts'
import { RunningSchedule } from '../runtime/exporters/running-schedule.ts'
import { SYSTEM_CLOCK } from '../runtime/exporters/sender-clock.ts'
import { collector, shared } from '../runtime/shared.ts'
import { origin } from '../runtime/tags.ts'
import { untraced } from '../runtime/untraced.ts'
import { recordsOf, type SpanRecord } from './span-record.ts'
import { SqliteStore } from './sqlite/sqlite-store.ts'
import { StoreError } from './store-error.ts'
import type { RetentionLimits } from './trace-store.ts'

export interface SqliteOptions {
  /** Made where there is none. Several processes may write to one. */
  readonly file: string
  /** `default` unless told. */
  readonly namespace?: string
  /** Over those of `configure`. */
  readonly tags?: Readonly<Record<string, string>>
  /** Milliseconds that a trace is kept (7 days), and bytes that the file may take (1 GiB). */
  readonly retention?: RetentionLimits
  /** Milliseconds that a span runs before it is written for the first time (1,000); `false`: spans are written when they have ended. */
  readonly publishRunning?: number | false
}

/** Spans, and milliseconds, that are gathered before they are written: the program waits for as long as that takes. */
const BATCH = { maxCount: 500, maxDelay: 100, maxBytes: Number.POSITIVE_INFINITY }
/** Milliseconds that the program is held up while another process writes; we come again after a pause. */
const WAIT = 50
const PAUSE = 100
/** Milliseconds that it is held up when it ends, or waits for us anyway. */
const WAIT_AT_END = 5_000
/** Spans that wait for others to finish writing; what comes beyond is dropped, and counted. */
const MAX_QUEUED = 100_000
/** Traces whose text is indexed in one turn, and milliseconds between two. */
const TEXTS = 20
const UPKEEP_PAUSE = 200
const RETENTION = { maxAge: 7 * 86_400_000, maxBytes: 2 ** 30 }

/** Writes traces into a file of SQLite. Throws where the file cannot be opened, or is no store. */
export function sqliteExporter(options: SqliteOptions): Exporter {
  return new SqliteExporter(options)
}

// For `SPAN_TREE=sqlite:…`.
shared.extras.store = file => new SqliteExporter({ file })

class SqliteExporter implements Exporter {
  readonly progress?: (tree: SpanTree) => void
  readonly #options: SqliteOptions
  readonly #store: SqliteStore
  readonly #batcher = new Batcher<readonly SpanRecord[]>(({ entries }) => this.#take(entries.flat()), BATCH)
  readonly #schedule: RunningSchedule
  #queue: (readonly SpanRecord[])[] = []
  #queued = 0
  #taken = 0
  #delivered = 0
  readonly #dropped: Record<string, number> = {}
  #lastError: string | undefined
  /** Ends the pause before the next attempt, and that before the next upkeep. */
  #cancelRetry: (() => void) | undefined
  #cancelUpkeep: (() => void) | undefined
  #closed = false

  constructor(options: SqliteOptions) {
    const { publishRunning = 1_000 } = options
    this.#options = { ...options, file: resolve(options.file) }
    this.#store = new SqliteStore(this.#options.file, { wait: WAIT_AT_END, texts: TEXTS })
    this.#store.wait(WAIT)
    this.#schedule = new RunningSchedule(publishRunning || 0)
    if (publishRunning !== false) this.progress = tree => this.#progress(tree, publishRunning)
  }

  export(tree: SpanTree): void {
    this.#schedule.ended(tree.traceId)
    const records = recordsOf(tree, now())
    this.#taken += records.length
    this.#batcher.add(records, records.length, 0)
    if (collector.ending) this.#flush()
  }

  async flush(): Promise<void> {
    this.#flush()
  }

  /** At the end: what is only in the log beside the file would be missing in a copy of the file. */
  flushSync(): void {
    this.#flush()
    if (!this.#closed && this.#taken > 0) this.#store.checkpointSync()
  }

  #flush(): void {
    if (this.#closed) return
    this.#batcher.flush()
    this.#waiting(WAIT_AT_END, () => {
      if (this.#queue.length > 0) this.#write()
      this.#settle()
    })
  }

  async shutdown(): Promise<void> {
    this.#flush()
    this.#closed = true
    this.#cancelRetry?.()
    this.#cancelUpkeep?.()
    this.#store.closeSync()
  }

  health(): ExporterHealth {
    return {
      name: `sqlite ${this.#options.file}`,
      taken: this.#taken,
      adopted: 0,
      delivered: this.#delivered,
      dropped: { ...this.#dropped },
      queued: this.#batcher.count + this.#queued,
      spooled: 0,
      spoolBytes: 0,
      ...(this.#lastError !== undefined && { lastError: this.#lastError }),
    }
  }

  /** Spans that have run for a while; they come again when they have ended, so that nobody counts them. */
  #progress(tree: SpanTree, publishRunning: number): void {
    if (this.#closed || !this.#schedule.isDue(tree.traceId, Date.now())) return
    const since = (now() - BigInt(publishRunning) * 1_000n) * 1_000n
    const isLong = (span: Span): boolean => span.endTime === undefined && span.startTime <= since
    const records = recordsOf(tree, now(), isLong)
    if (records.length === 0) return
    try {
      untraced(() => this.#writeBatch(records))
    } catch {
      // They are written when they have ended.
    }
  }

  #settle(): void {
    try {
      this.#store.settleSync()
    } catch {
      // The spans are kept; how long they took is only counted.
    }
  }

  #take(spans: readonly SpanRecord[]): void {
    if (this.#queued + spans.length > MAX_QUEUED) {
      this.#drop('no room', spans.length)
      return
    }
    this.#queue.push(spans)
    this.#queued += spans.length
    if (this.#cancelRetry === undefined) this.#write()
  }

  /** All that waits, as far as we are let; what another process holds up stays. */
  #write(): void {
    this.#cancelRetry?.()
    this.#cancelRetry = undefined
    for (let spans = this.#queue[0]; spans !== undefined; spans = this.#queue[0]) {
      try {
        const refused = this.#writeBatch(spans)
        this.#delivered += spans.length - refused
        if (refused > 0) this.#drop('refused', refused)
        this.#lastError = undefined
      } catch (error) {
        if (this.#failed(error, spans.length)) return
      }
      this.#queue.shift()
      this.#queued -= spans.length
    }
    this.#plan()
  }

  #writeBatch(spans: readonly SpanRecord[]): number {
    const { namespace = 'default', tags } = this.#options
    const { tags: all, ...run } = origin()
    return this.#store.writeSync({ namespace, tags: { ...all, ...tags }, ...run, spans }).refused.length
  }

  /** Whether to try again later. */
  #failed(error: unknown, spans: number): boolean {
    this.#lastError = error instanceof Error ? error.message : String(error)
    if (error instanceof StoreError && error.code === 'busy') {
      this.#cancelRetry = untraced(() => SYSTEM_CLOCK.after(PAUSE, () => this.#write()))
      return true
    }
    this.#drop(error instanceof StoreError ? error.code : 'error', spans)
    return false
  }

  #drop(reason: string, spans: number): void {
    if (Object.keys(this.#dropped).length === 0) complain(`spans are lost: ${this.#lastError ?? reason}`)
    this.#dropped[reason] = (this.#dropped[reason] ?? 0) + spans
  }

  /** In small slices, while the program does something else. */
  #plan(): void {
    this.#cancelUpkeep ??= untraced(() =>
      SYSTEM_CLOCK.after(UPKEEP_PAUSE, () => {
        this.#cancelUpkeep = undefined
        try {
          if (this.#store.maintainSync({ ...RETENTION, ...this.#options.retention })) this.#plan()
        } catch {
          // Whoever writes next sees what is wrong; what is only put off is done then.
        }
      }),
    )
  }

  #waiting(milliseconds: number, action: () => void): void {
    this.#store.wait(milliseconds)
    try {
      action()
    } finally {
      this.#store.wait(WAIT)
    }
  }
}

/** Microseconds since the Unix epoch. */
function now(): bigint {
  return BigInt(Math.round((performance.timeOrigin + performance.now()) * 1_000))
}

function complain(what: string): void {
  try {
    writeSync(2, `span-tree: ${what}\n`)
  } catch {
    // Nobody reads it.
  }
}
