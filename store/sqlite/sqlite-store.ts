import type { SpanBatch } from '../span-record.ts'
import { StoreError } from '../store-error.ts'
import type * as Store from '../trace-store.ts'
import * as access from './access.ts'
import { BatchWriter } from './batch-writer.ts'
import type { Connection } from './connection.ts'
import * as groups from './error-groups.ts'
import { functionLatencies, regressionsOf, slowSpansOf } from './latency-reader.ts'
import { openFile, type SqliteOptions } from './open.ts'
import { healthFigures, namespaceSummaries } from './overview.ts'
import { fileSize, forgetOldHours, freeDisk, retain } from './retention.ts'
import { sweep } from './sweep.ts'
import { indexText } from './text-search.ts'
import { dashboard, listTraces } from './trace-list.ts'
import { findTrace, referenceUses } from './trace-reader.ts'

export interface SqliteStoreOptions extends SqliteOptions {
  /** Milliseconds since the Unix epoch; in place of the system's clock. */
  readonly now?: () => number
  /** Traces whose text is made findable in one slice of upkeep (200): some 0.2 ms each. */
  readonly texts?: number
}

/** Milliseconds between two looks for what only age makes superfluous. */
const FORGET_EVERY = 3_600_000
/** Attempts at writing back, and milliseconds between two: processes that end together do so one after the other. */
const CHECKPOINTS = 5
const PAUSE = 20
const NOBODY = new Int32Array(new SharedArrayBuffer(4))

/**
 * A store in one file of SQLite. One process may write while others read, and several may write: they take turns, batch by batch. All of it
 * is done when a method returns; the promises are those of the interface.
 */
export class SqliteStore implements Store.TraceStore {
  readonly #connection: Connection
  readonly #writer: BatchWriter
  readonly #now: () => number
  readonly #texts: number
  #forgotten = 0

  /** Throws a `StoreError`. */
  constructor(file: string, { now = Date.now, texts = 200, ...options }: SqliteStoreOptions = {}) {
    this.#connection = openFile(file, options)
    this.#writer = new BatchWriter(this.#connection)
    this.#now = now
    this.#texts = texts
  }

  /** How long it waits for another process that is writing, from now on. */
  wait(milliseconds: number): void {
    this.#connection.exec(`PRAGMA busy_timeout = ${milliseconds}`)
  }

  /** Gives back the memory that pages are kept in, up to 16 MiB; the next questions read them anew. */
  shrink(): void {
    this.#connection.exec('PRAGMA shrink_memory')
  }

  /** As `write`, but throws in place of rejecting. */
  writeSync(batch: SpanBatch): Store.WriteResult {
    return this.#writer.write(batch, this.#now())
  }

  async write(batch: SpanBatch): Promise<Store.WriteResult> {
    return this.writeSync(batch)
  }

  /** Writes what is gathered over several batches: how long functions took. `maintain` and `close` do so, too. */
  settleSync(): void {
    this.#writer.flush()
  }

  /** Writes what is in the log into the file itself, unless others do so for longer than a moment. Never throws: it is there either way. */
  checkpointSync(): void {
    try {
      for (let attempt = 0; attempt < CHECKPOINTS && !this.#isWritten(); attempt++) Atomics.wait(NOBODY, 0, 0, PAUSE)
    } catch {
      // Whoever opens it next does so.
    }
  }

  #isWritten(): boolean {
    const { busy, log, checkpointed } = this.#connection.get('PRAGMA wal_checkpoint(PASSIVE)') ?? {}
    return busy === 0 && log === checkpointed
  }

  trace(namespace: string, id: string): Promise<Store.TraceLookup> {
    return this.#read<Store.TraceLookup>(namespace, { kind: 'none' }, no => findTrace(this.#connection, no, id))
  }

  traces(namespace: string, query: Store.TraceQuery = {}): Promise<readonly Store.TraceSummary[]> {
    return this.#read(namespace, [], no => listTraces(this.#connection, no, query))
  }

  dashboard(namespace: string, filter: Store.TraceFilter = {}): Promise<readonly Store.DashboardRow[]> {
    return this.#read(namespace, [], no => dashboard(this.#connection, no, filter))
  }

  references(namespace: string, id: string): Promise<readonly Store.ReferenceUse[]> {
    return this.#read(namespace, [], no => referenceUses(this.#connection, no, id))
  }

  async namespaces(): Promise<readonly Store.NamespaceSummary[]> {
    return this.#connection.snapshot(() => namespaceSummaries(this.#connection))
  }

  async health(namespace: string, period: Store.Period): Promise<Store.HealthFigures> {
    const nothing = {
      now: {},
      before: {},
      newErrors: [],
      recurringErrors: [],
      stopped: [],
      regressions: [],
      senders: [],
    }
    this.#writer.flush()
    return this.#read<Store.HealthFigures>(namespace, nothing, no =>
      healthFigures(this.#connection, no, period, this.#now()),
    )
  }

  errorGroups(namespace: string, query: Store.ErrorGroupQuery = {}): Promise<readonly Store.ErrorGroup[]> {
    return this.#read(namespace, [], no => groups.errorGroups(this.#connection, no, query, this.#now()))
  }

  errorGroup(namespace: string, id: number): Promise<Store.ErrorGroup | undefined> {
    return this.#read(namespace, undefined, no => groups.errorGroup(this.#connection, no, id, this.#now()))
  }

  async annotate(namespace: string, id: number, annotation: Store.Annotation): Promise<Store.ErrorGroup> {
    return groups.annotate(this.#connection, this.#existing(namespace), id, annotation, this.#now())
  }

  async undo(namespace: string, id: number): Promise<Store.ErrorGroup> {
    return groups.undo(this.#connection, this.#existing(namespace), id, this.#now())
  }

  async merge(namespace: string, id: number, into: number): Promise<Store.ErrorGroup> {
    return groups.merge(this.#connection, this.#existing(namespace), id, into, this.#now())
  }

  async unmerge(namespace: string, id: number): Promise<Store.ErrorGroup> {
    return groups.unmerge(this.#connection, this.#existing(namespace), id, this.#now())
  }

  async functions(namespace: string, query: Store.FunctionQuery = {}): Promise<readonly Store.FunctionLatency[]> {
    this.#writer.flush()
    return this.#read(namespace, [], no => functionLatencies(this.#connection, no, query))
  }

  slowSpans(
    namespace: string,
    { since = 0n, limit }: { readonly since?: bigint; readonly limit?: number } = {},
  ): Promise<readonly Store.SlowSpan[]> {
    return this.#read(namespace, [], no => slowSpansOf(this.#connection, no, since, limit))
  }

  async regressions(namespace: string, version: string): Promise<readonly Store.Regression[]> {
    this.#writer.flush()
    return this.#read(namespace, [], no => regressionsOf(this.#connection, no, version))
  }

  async createKey(namespace: string, label: string): Promise<{ readonly id: string; readonly key: string }> {
    return this.#made(namespace, no => access.createKey(this.#connection, no, label, this.#now()))
  }

  async keys(namespace?: string): Promise<readonly Store.ApiKey[]> {
    return access.apiKeys(this.#connection, namespace)
  }

  async revokeKey(id: string): Promise<void> {
    access.revokeKey(this.#connection, id, this.#now())
  }

  async namespaceOfKey(key: string): Promise<string | undefined> {
    return access.namespaceOfKey(this.#connection, key)
  }

  async visit(user: string, namespace: string): Promise<void> {
    this.#made(namespace, no => access.visit(this.#connection, user, no, this.#now()))
  }

  async user(name: string): Promise<Store.User | undefined> {
    return access.userOf(this.#connection, name)
  }

  async maintain(limits: Store.RetentionLimits = {}): Promise<boolean> {
    return this.maintainSync(limits)
  }

  /** As `maintain`, but throws in place of rejecting. */
  maintainSync(limits: Store.RetentionLimits = {}): boolean {
    const now = this.#now()
    this.#writer.flush()
    if (retain(this.#connection, limits, now)) return true
    if (now - this.#forgotten > FORGET_EVERY) {
      forgetOldHours(this.#connection, now)
      sweep(this.#connection)
      this.#forgotten = now
    }
    if (indexText(this.#connection, this.#texts) === this.#texts) return true
    return freeDisk(this.#connection)
  }

  async stats(): Promise<Store.StoreStats> {
    const {
      traces = 0,
      namespaces = 0,
      pending = 0,
    } = this.#connection.get(`SELECT (SELECT count(*) FROM traces) AS traces, (SELECT count(*) FROM namespaces) AS namespaces,
        (SELECT count(*) FROM text_pending) AS pending`) ?? {}
    return { ...fileSize(this.#connection), traces, namespaces, pendingText: pending }
  }

  async close(): Promise<void> {
    this.closeSync()
  }

  closeSync(): void {
    try {
      this.#writer.flush()
    } finally {
      this.#connection.close()
    }
  }

  async #read<T>(namespace: string, otherwise: T, read: (no: number) => T): Promise<T> {
    return this.#connection.snapshot(() => {
      const no = this.#find(namespace)
      return no === undefined ? otherwise : read(no)
    })
  }

  #made<T>(namespace: string, action: (no: number) => T): T {
    return this.#connection.transaction(() => action(this.#writer.dictionary.namespace(namespace, this.#now())))
  }

  #existing(namespace: string): number {
    const no = this.#find(namespace)
    if (no === undefined) throw new StoreError('invalid', `there is no namespace ${namespace}`)
    return no
  }

  #find(namespace: string): number | undefined {
    return this.#connection.get('SELECT no FROM namespaces WHERE name = ?', namespace)?.['no']
  }
}
