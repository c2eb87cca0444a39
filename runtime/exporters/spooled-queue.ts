import type { Outcome } from './delivery.ts'
import { isAway, ReceiverDelivery, type ReceiverOptions } from './receiver-delivery.ts'
import type { SyncAnswer } from './send-sync.ts'
import type { Spooled } from './spool/folder.ts'
import type { PackedBatch } from './spool/segment.ts'
import type { Spool } from './spool/spool.ts'

/** Bytes that wait in memory where there is a spool to put more into, and where there is none. */
const MAX_MEMORY = 8 << 20
const MAX_MEMORY_ALONE = 32 << 20
/** Bytes that are sent while the process ends. */
const MAX_AT_END = 16 << 20

export interface SpooledQueueOptions extends ReceiverOptions {
  readonly spool: Spool | undefined
  /** Whether a batch is on disk before it is sent; else only when it cannot be sent. */
  readonly always: boolean
  /** Spans that the receiver did not take, by its answer; `undefined`: it is no receiver's answer. */
  readonly refusedIn: (body: string) => number | undefined
  /** Called each time that spans were refused. */
  readonly onRefused: (reason: string) => void
}

/** Spans, by what became of them. */
export interface QueueCounts {
  delivered: number
  /** Not taken by the receiver. */
  refused: number
  noRoom: number
}

interface Entry extends PackedBatch {
  spooled?: Spooled
}

/**
 * Batches on their way to one receiver, one at a time and in order, until each is answered. While the receiver is away they wait on disk,
 * and what other processes have left there is sent between this one's own.
 */
export class SpooledQueue {
  readonly counts: QueueCounts = { delivered: 0, refused: 0, noRoom: 0 }
  readonly #options: SpooledQueueOptions
  readonly #spool: Spool | undefined
  readonly #delivery: ReceiverDelivery
  readonly #memory: Entry[] = []
  #memoryBytes = 0
  #head: Entry | undefined
  #stop = new AbortController()
  #pumping = false
  #adopted = false
  #adoptedNext = false
  #closed = false
  #waiters: (() => void)[] = []

  constructor(options: SpooledQueueOptions) {
    this.#options = options
    this.#spool = options.spool
    this.#delivery = new ReceiverDelivery(options, () => this.#attempted())
  }

  /** Spans that wait in memory, or are under way from there. */
  get queued(): number {
    const entries = this.#head === undefined ? this.#memory : [this.#head, ...this.#memory]
    return entries.reduce((sum, entry) => sum + (isOnDisk(entry) ? 0 : entry.spans), 0)
  }

  /** Whether the receiver is away, as far as is known. */
  get away(): boolean {
    return this.#delivery.away
  }

  /** Why the last attempt failed, while none has succeeded since. */
  get lastError(): string | undefined {
    return this.#delivery.lastError
  }

  push(entry: PackedBatch): void {
    if (!this.#keptOnDisk(entry)) this.#remember(entry)
    void this.#pump()
  }

  /** For one that cannot be sent any more: on disk, or counted as dropped. */
  keep(entry: PackedBatch): void {
    if (this.#spool?.append(entry) === undefined) this.counts.noRoom += entry.spans
  }

  /** Resolves when all is delivered, or has been tried again and is safe on disk; at the latest after `deadline` milliseconds. */
  flush(deadline: number): Promise<void> {
    if (this.#idle) return Promise.resolve()
    const { promise, resolve } = Promise.withResolvers<void>()
    const cancel = this.#options.clock.after(deadline, resolve, true)
    const look = (): void => {
      if (this.#idle || (this.away && this.queued === 0)) resolve()
      else this.#waiters.push(look)
    }
    this.#waiters.push(look)
    this.#delivery.hurry()
    void this.#pump()
    return promise.finally(cancel)
  }

  /**
   * Before the process ends: puts all that waits on disk, then sends it from there, for `timeout` milliseconds at most. `entries`: what is
   * not in the queue yet.
   */
  flushSync(entries: readonly PackedBatch[], timeout: number): void {
    const own = this.#takeAll(entries)
    for (const entry of own) if (!isOnDisk(entry)) this.#put(entry, true)
    const sending = this.away ? own : [...own, ...this.#fromDisk()]
    const answers = this.#delivery.deliverSync(sending, timeout)
    for (const [i, entry] of sending.entries()) this.#answeredAtEnd(entry, answers[i])
    this.#spool?.close()
  }

  /** Nothing is sent any more. What could not be put on disk is counted as dropped. */
  close(): void {
    this.#closed = true
    for (const entry of this.#takeAll([])) {
      if (isOnDisk(entry)) this.#spool?.giveBack(entry.spooled as Spooled)
      else this.keep(entry)
    }
    this.#spool?.close()
  }

  get #idle(): boolean {
    return this.#head === undefined && this.#memory.length === 0 && this.#spool?.nextOwn() === undefined
  }

  /** Where it belongs now, unless that is memory. */
  #keptOnDisk(entry: Entry): boolean {
    if (this.#spool === undefined) return false
    // What is older waits there: order is kept.
    if (this.#memoryBytes + entry.body.length > MAX_MEMORY) this.#spill()
    const behind = this.away || this.#spool.nextOwn() !== undefined
    if (!behind && !this.#options.always) return false
    return this.#put(entry, !behind) && behind
  }

  /** `taken`: it will be sent from memory. */
  #put(entry: Entry, taken: boolean): boolean {
    const spooled = this.#spool?.append(entry)
    if (spooled === undefined) return false
    spooled.taken = taken
    entry.spooled = spooled
    return true
  }

  #remember(entry: Entry): void {
    this.#memory.push(entry)
    this.#memoryBytes += entry.body.length
    const limit = this.#spool === undefined ? MAX_MEMORY_ALONE : MAX_MEMORY
    while (this.#memoryBytes > limit && this.#memory.length > 1) this.#giveUp(this.#shift() as Entry)
  }

  #giveUp(entry: Entry): void {
    if (isOnDisk(entry)) this.#spool?.giveBack(entry.spooled as Spooled)
    else this.keep(entry)
  }

  #shift(): Entry | undefined {
    const entry = this.#memory.shift()
    if (entry !== undefined) this.#memoryBytes -= entry.body.length
    return entry
  }

  async #pump(): Promise<void> {
    if (this.#pumping) return
    this.#pumping = true
    this.#adopt()
    for (let entry = this.#next(); entry !== undefined; entry = this.#next()) {
      this.#head = entry
      const outcome = await this.#delivery.deliver(entry, this.#stop.signal)
      // Taken away meanwhile: another says what became of it.
      if (this.#head !== entry) continue
      this.#head = undefined
      this.#settle(entry, outcome)
      this.#tell()
    }
    this.#pumping = false
    this.#tell()
  }

  #adopt(): void {
    if (this.#adopted) return
    this.#adopted = true
    this.#spool?.adopt()
  }

  /** Own and adopted in turn, so that a large inheritance does not keep what is new waiting. */
  #next(): Entry | undefined {
    if (this.#closed) return undefined
    this.#adoptedNext = !this.#adoptedNext
    if (this.#adoptedNext) return this.#nextOwn() ?? this.#nextAdopted()
    return this.#nextAdopted() ?? this.#nextOwn()
  }

  #nextOwn(): Entry | undefined {
    return this.#read(() => this.#spool?.nextOwn()) ?? this.#shift()
  }

  #nextAdopted(): Entry | undefined {
    return this.#read(() => this.#spool?.nextAdopted())
  }

  #read(next: () => Spooled | undefined): Entry | undefined {
    for (let spooled = next(); spooled !== undefined; spooled = next()) {
      const batch = this.#spool?.take(spooled)
      if (batch !== undefined) return { ...batch, spooled }
    }
    return undefined
  }

  #attempted(): void {
    if (this.away) this.#spill()
    this.#tell()
  }

  /** What waits goes to the disk, in order, the one under way first. */
  #spill(): void {
    if (this.#head !== undefined && !isOnDisk(this.#head)) this.#put(this.#head, true)
    for (let entry = this.#memory[0]; entry !== undefined; entry = this.#memory[0]) {
      if (isOnDisk(entry)) this.#spool?.giveBack(entry.spooled as Spooled)
      else if (!this.#put(entry, false)) return
      this.#shift()
    }
  }

  #settle(entry: Entry, outcome: Outcome): void {
    if (outcome.kind === 'undelivered') this.#giveUp(entry)
    else if (outcome.kind === 'accepted') this.#answered(entry, Buffer.from(outcome.answer.body).toString())
    else this.#refused(entry, `HTTP ${outcome.answer.status}`)
  }

  #answeredAtEnd(entry: Entry, answer: SyncAnswer | undefined): void {
    if (answer !== undefined && !isAway(answer.status)) {
      if (answer.status >= 200 && answer.status < 300) this.#answered(entry, answer.body)
      else this.#refused(entry, `HTTP ${answer.status}`)
    } else if (isOnDisk(entry)) this.#spool?.giveBack(entry.spooled as Spooled)
    else this.#remember(entry)
  }

  #answered(entry: Entry, body: string): void {
    const refused = this.#options.refusedIn(body)
    if (refused === undefined) this.#refused(entry, 'not the answer of a receiver')
    else this.#taken(entry, Math.min(refused, entry.spans))
  }

  #taken(entry: Entry, refused: number): void {
    this.counts.delivered += entry.spans - refused
    this.counts.refused += refused
    this.#done(entry)
    if (refused > 0) this.#options.onRefused('refused by the receiver')
  }

  #refused(entry: Entry, reason: string): void {
    this.#delivery.lastError = reason
    this.counts.refused += entry.spans
    this.#done(entry)
    this.#options.onRefused(reason)
  }

  #done({ spooled }: Entry): void {
    if (spooled !== undefined) this.#spool?.settle(spooled)
  }

  #takeAll(entries: readonly PackedBatch[]): Entry[] {
    const all: Entry[] = [...(this.#head === undefined ? [] : [this.#head]), ...this.#memory, ...entries]
    this.#head = undefined
    this.#memory.length = 0
    this.#memoryBytes = 0
    this.#stop.abort()
    this.#stop = new AbortController()
    return all
  }

  /** As much of what waits on disk as may be sent while the process ends. */
  #fromDisk(): Entry[] {
    this.#adopt()
    const entries: Entry[] = []
    for (let bytes = 0; bytes < MAX_AT_END; bytes += entries.at(-1)?.body.length ?? 0) {
      const entry = this.#read(() => this.#spool?.nextOwn() ?? this.#spool?.nextAdopted())
      if (entry === undefined) break
      entries.push(entry)
    }
    return entries
  }

  #tell(): void {
    for (const look of this.#waiters.splice(0)) look()
  }
}

function isOnDisk({ spooled }: Entry): boolean {
  return spooled !== undefined && !spooled.segment.gone
}
