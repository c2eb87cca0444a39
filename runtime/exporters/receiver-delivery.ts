import { Delivery, type Outcome, RETRYABLE } from './delivery.ts'
import { type Answer, httpPost, type Post } from './http-post.ts'
import { exchangeSync, type SyncAnswer } from './send-sync.ts'
import type { SenderClock } from './sender-clock.ts'
import type { Encoding, PackedBatch } from './spool/segment.ts'

export interface ReceiverOptions {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Milliseconds for one attempt. */
  readonly timeout?: number
  readonly post?: Post
  readonly clock: SenderClock
}

/** Sends batches that are packed already to one receiver, attempt after attempt, and knows whether it is there. */
export class ReceiverDelivery {
  /** Whether the last attempt found nobody who takes anything for now. */
  away = false
  /** Why the last attempt failed, while none has succeeded since. */
  lastError: string | undefined
  readonly #options: ReceiverOptions
  readonly #post: Post
  readonly #attempted: () => void
  /** By encodings, which are headers. */
  readonly #deliveries = new Map<Encoding, Delivery>()

  /** `attempted`: is called after each attempt. */
  constructor(options: ReceiverOptions, attempted: () => void) {
    this.#options = options
    this.#post = options.post ?? httpPost(options.url)
    this.#attempted = attempted
  }

  /** Takes as long as it takes; never rejects. */
  deliver({ body, encoding }: PackedBatch, signal: AbortSignal): Promise<Outcome> {
    let delivery = this.#deliveries.get(encoding)
    if (delivery === undefined) this.#deliveries.set(encoding, (delivery = this.#made(encoding)))
    return delivery.deliver(body, 'application/json', signal)
  }

  /** Does not wait any longer with the next attempt, unless the receiver has asked for it. */
  hurry(): void {
    for (const delivery of this.#deliveries.values()) delivery.hurry()
  }

  /** While the process ends: one attempt each, `timeout` milliseconds for all; the answers up to the first that does not come. */
  deliverSync(batches: readonly PackedBatch[], timeout: number): SyncAnswer[] {
    // A timeout of 0 would be none.
    if (this.away || timeout <= 0) return []
    const { url } = this.#options
    return exchangeSync(
      batches.map(({ body, encoding }) => ({ url, headers: this.#headers(encoding), body })),
      timeout,
    )
  }

  #made(encoding: Encoding): Delivery {
    const { url, timeout, clock } = this.#options
    return new Delivery({
      url,
      headers: this.#headers(encoding),
      compression: 'none',
      giveUpAfter: Number.POSITIVE_INFINITY,
      post: (...request) => this.#attempt(...request),
      clock,
      ...(timeout !== undefined && { timeout }),
    })
  }

  #headers(encoding: Encoding): Readonly<Record<string, string>> {
    const packed = encoding === '' ? {} : { 'content-encoding': encoding }
    return { 'content-type': 'application/json', ...this.#options.headers, ...packed }
  }

  async #attempt(...request: Parameters<Post>): Promise<Answer> {
    try {
      const answer = await this.#post(...request)
      this.#know(isAway(answer.status) ? `HTTP ${answer.status}` : undefined)
      return answer
    } catch (error) {
      const [, , , signal] = request
      if (!signal?.aborted) this.#know(error instanceof Error ? error.message || error.name : String(error))
      throw error
    }
  }

  #know(error: string | undefined): void {
    this.lastError = error
    this.away = error !== undefined
    this.#attempted()
  }
}

/** Whether the status says that another attempt may end otherwise. */
export function isAway(status: number): boolean {
  return RETRYABLE.includes(status)
}
