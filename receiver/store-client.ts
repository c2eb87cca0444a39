import { Worker } from 'node:worker_threads'
import { StoreError, type StoreErrorCode } from '../store/store-error.ts'
import type { ApiKey, RetentionLimits } from '../store/trace-store.ts'
import type { Call } from './api/routes.ts'
import type { Incoming, IngestAnswer } from './ingest.ts'
import { comeAgain, Refusal } from './refusal.ts'
import { release } from './release.ts'
import type { Called, FromThread, ThreadAnswer, ThreadError, ThreadRequest, ThreadSettings } from './thread-protocol.ts'

interface Waiting {
  readonly resolve: (answer: ThreadAnswer) => void
  readonly reject: (error: unknown) => void
}

/** MiB: what would take more to be read ends the thread, not the process. */
const MAX_HEAP = 1_024
/** Milliseconds after which a thread that nobody asks is ended: it takes 20 MB, and a tenth of a second to begin anew. */
const IDLE = 30_000
/** This module is TypeScript, or what was made of it; so is its neighbour. */
const THREAD = new URL(`./store-thread${import.meta.url.slice(-3)}`, import.meta.url)

/** Another thread that is asked and answers; begun anew when it has died. */
class StoreThread {
  readonly #settings: ThreadSettings
  readonly #waiting = new Map<number, Waiting>()
  #worker: Worker | undefined
  #idle: NodeJS.Timeout | undefined
  #last = 0

  constructor(settings: ThreadSettings) {
    this.#settings = settings
  }

  /** Rejects with what kept the store from being opened. */
  start(): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(0, { resolve, reject })
      this.#begin()
    })
  }

  ask(request: ThreadRequest, transfer: ArrayBuffer[] = []): Promise<ThreadAnswer> {
    const worker = this.#worker ?? this.#begin()
    const id = ++this.#last
    if (this.#settings.role === 'reader') this.#notIdle()
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      worker.postMessage({ ...request, id }, transfer)
    })
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle)
    if (this.#worker === undefined) return
    await this.ask({ kind: 'close' }).catch(() => undefined)
    await this.#worker?.terminate()
  }

  #begin(): Worker {
    const worker = new Worker(THREAD, {
      workerData: this.#settings,
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP },
      // Its own, so that nothing that was preloaded here, as a tracer, is in it too.
      execArgv: process.execArgv.filter(flag => flag.startsWith('--no-warnings')),
      env: { ...process.env, NODE_OPTIONS: '' },
    })
    worker.on('message', (message: FromThread) => this.#hear(message))
    worker.once('error', error => this.#died(worker, error))
    worker.once('exit', () => this.#died(worker, new Error('the thread of the store ended')))
    this.#worker = worker
    return worker
  }

  #hear(message: FromThread): void {
    const waiting = this.#waiting.get(message.id)
    this.#waiting.delete(message.id)
    if ('error' in message) waiting?.reject(revived(message.error))
    else waiting?.resolve(message.answer)
  }

  /** What only reads has nothing to lose. */
  #notIdle(): void {
    this.#idle ??= setTimeout(() => {
      this.#idle = undefined
      if (this.#waiting.size > 0) return this.#notIdle()
      const worker = this.#worker
      this.#worker = undefined
      void worker?.terminate()
    }, IDLE).unref()
    this.#idle.refresh()
  }

  #died(worker: Worker, error: Error): void {
    if (this.#worker !== worker) return
    this.#worker = undefined
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    const isTooLarge = (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY' && waiting.length === 1
    for (const [id, { reject }] of waiting) {
      if (id === 0) reject(revived(error))
      else
        reject(
          isTooLarge ? new Refusal(413, 'the body takes too much memory to be read') : comeAgain(503, error.message),
        )
    }
  }
}

export interface StoreClientOptions {
  readonly file: string
  readonly retention: RetentionLimits
}

const WRITES: ReadonlySet<Call[0]> = new Set([
  'write',
  'annotate',
  'undo',
  'merge',
  'unmerge',
  'createKey',
  'revokeKey',
  'visit',
  'maintain',
])

/** A store in two threads: one that writes, and one that answers questions meanwhile. */
export class StoreClient {
  readonly #writer: StoreThread
  readonly #reader: StoreThread

  constructor(options: StoreClientOptions) {
    this.#writer = new StoreThread({ ...options, role: 'writer' })
    this.#reader = new StoreThread({ ...options, role: 'reader' })
  }

  /** Rejects with a `StoreError` where the file cannot be opened, or is none of ours. */
  async start(): Promise<void> {
    await this.#writer.start()
    await this.#reader.start().catch(async error => {
      await this.#writer.close()
      throw error
    })
  }

  /** The body is handed over. Rejects with a `Refusal`, or a `StoreError`. */
  async receive(incoming: Incoming): Promise<IngestAnswer> {
    const { body } = incoming
    const isWhole = body.byteLength === body.buffer.byteLength
    const whole = isWhole ? body : new Uint8Array(body)
    if (!isWhole) release(body)
    const request = { kind: 'receive', incoming: { ...incoming, body: whole } } as const
    return (await this.#writer.ask(request, [whole.buffer])) as IngestAnswer
  }

  async call(call: Call): Promise<Called> {
    const thread = WRITES.has(call[0]) ? this.#writer : this.#reader
    return (await thread.ask({ kind: 'call', call })) as Called
  }

  async namespaceOfKey(key: string): Promise<string | undefined> {
    const { json, none } = await this.call(['namespaceOfKey', key])
    return none ? undefined : JSON.parse(json)
  }

  async keys(): Promise<readonly ApiKey[]> {
    return JSON.parse((await this.call(['keys'])).json)
  }

  /** When all that was taken is kept. */
  async close(): Promise<void> {
    await this.#reader.close()
    await this.#writer.close()
  }
}

function revived(error: ThreadError): Error {
  const { name, message, status, issues, headers, code, stack } = error
  if (name === 'Refusal' && status !== undefined)
    return new Refusal(status, message, { ...(issues && { issues }), ...(headers && { headers }) })
  if (name === 'StoreError') return new StoreError(code as StoreErrorCode, message)
  return Object.assign(new Error(message), { name, stack })
}
