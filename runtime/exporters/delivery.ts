import { untraced } from '../untraced.ts'
import { type Compression, compress } from './compression.ts'
import { type Answer, httpPost, type Post } from './http-post.ts'
import { type SenderClock, SYSTEM_CLOCK } from './sender-clock.ts'

export interface DeliveryOptions {
  /** `http:` or `https:`. */
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly compression?: Compression
  /** Milliseconds for one attempt, its answer included (10,000). */
  readonly timeout?: number
  /** Milliseconds of the first pause between two attempts (1,000); each further one is twice as long, up to `maxPause` (30,000). */
  readonly firstPause?: number
  readonly maxPause?: number
  /** Milliseconds after which no further attempt is made (15 minutes); 0: there is one attempt. */
  readonly giveUpAfter?: number
  /** In place of Node's HTTP, and of the system's clock. */
  readonly post?: Post
  readonly clock?: SenderClock
}

export type Outcome =
  | { readonly kind: 'accepted'; readonly answer: Answer }
  /** An answer which says that another attempt would end alike. */
  | { readonly kind: 'refused'; readonly answer: Answer }
  /** There was no attempt that ended in one of these. `reason`: of the last one. */
  | { readonly kind: 'undelivered'; readonly reason: string }

/** https://opentelemetry.io/docs/specs/otlp/#retryable-response-codes */
export const RETRYABLE: readonly number[] = [429, 502, 503, 504]

const DEFAULTS = { timeout: 10_000, firstPause: 1_000, maxPause: 30_000, giveUpAfter: 15 * 60_000 }

/**
 * Posts bodies to one address, over connections that are kept open, until they are answered: again after 429, 502, 503, 504 and errors of
 * the network, with pauses that grow and vary, and are no shorter than the answer's `Retry-After`. Nothing
 * of it is traced.
 */
export class Delivery {
  readonly #options: DeliveryOptions & typeof DEFAULTS
  readonly #post: Post
  readonly #clock: SenderClock
  /** Ends the pauses that no answer has asked for. */
  readonly #pauses = new Set<() => void>()
  /** Attempts after the first one of a body, since the beginning. */
  retries = 0

  /** Throws a `TypeError` where `url` is none. */
  constructor(options: DeliveryOptions) {
    this.#options = { ...DEFAULTS, ...options }
    this.#post = options.post ?? httpPost(options.url)
    this.#clock = options.clock ?? SYSTEM_CLOCK
  }

  /** Never rejects. `contentType`: of the body as it is given. `signal`: no attempt is made after it, and one that is under way is cut off. */
  deliver(body: Uint8Array, contentType: string, signal?: AbortSignal): Promise<Outcome> {
    return untraced(() => this.#deliver(body, contentType, signal))
  }

  /** Makes the next attempts at once, where it is only our own pause that they wait for. */
  hurry(): void {
    for (const end of [...this.#pauses]) end()
  }

  async #deliver(body: Uint8Array, contentType: string, signal: AbortSignal | undefined): Promise<Outcome> {
    const { compression = 'gzip', headers, giveUpAfter } = this.#options
    const packed = await compress(body, compression)
    const all = { ...headers, 'content-type': contentType, ...packed.headers }
    const begun = this.#clock.now()
    for (let attempt = 0; ; attempt++) {
      const answer = await this.#attempt(packed.body, all, signal)
      if (typeof answer === 'object') {
        if (answer.status >= 200 && answer.status < 300) return { kind: 'accepted', answer }
        if (!RETRYABLE.includes(answer.status)) return { kind: 'refused', answer }
      }
      const reason = typeof answer === 'string' ? answer : `HTTP ${answer.status}`
      const asked = typeof answer === 'string' ? 0 : retryAfter(answer.headers['retry-after'], this.#clock.now())
      const pause = Math.max(asked, this.#pauseAfter(attempt))
      if (this.#clock.now() - begun + pause > giveUpAfter || signal?.aborted) return { kind: 'undelivered', reason }
      await this.#wait(pause, asked > 0, signal)
      if (signal?.aborted) return { kind: 'undelivered', reason }
      this.retries++
    }
  }

  /** The answer, or why there is none. */
  async #attempt(
    body: Uint8Array,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal | undefined,
  ): Promise<Answer | string> {
    try {
      return await this.#post(body, headers, this.#options.timeout, signal)
    } catch (error) {
      return error instanceof Error ? error.message || error.name : String(error)
    }
  }

  /** Half of it is left to chance: what was refused together must not come back together. */
  #pauseAfter(attempt: number): number {
    const { firstPause, maxPause } = this.#options
    return Math.min(maxPause, firstPause * 2 ** attempt) * (0.5 + this.#clock.random() / 2)
  }

  #wait(milliseconds: number, asked: boolean, signal: AbortSignal | undefined): Promise<void> {
    return new Promise(resolve => {
      const end = (): void => {
        cancel()
        this.#pauses.delete(end)
        signal?.removeEventListener('abort', end)
        resolve()
      }
      const cancel = this.#clock.after(milliseconds, end)
      if (!asked) this.#pauses.add(end)
      signal?.addEventListener('abort', end)
    })
  }
}

/** Milliseconds; RFC 9110, 10.2.3: a number of seconds, or a date. 0 for what is neither. */
export function retryAfter(value: string | undefined, now: number): number {
  if (value === undefined) return 0
  if (/^\s*\d+\s*$/.test(value)) return Number(value) * 1_000
  const date = Date.parse(value)
  return Number.isNaN(date) ? 0 : Math.max(0, date - now)
}
