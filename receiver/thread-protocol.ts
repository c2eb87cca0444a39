import type { RetentionLimits } from '../store/trace-store.ts'
import type { Call } from './api/routes.ts'
import type { Incoming, IngestAnswer } from './ingest.ts'
import type { Issue } from './refusal.ts'

/** What a thread of the store is started with. */
export interface ThreadSettings {
  readonly file: string
  readonly role: 'writer' | 'reader'
  readonly retention: RetentionLimits
}

export type ThreadRequest =
  | { readonly kind: 'call'; readonly call: Call }
  | { readonly kind: 'receive'; readonly incoming: Incoming }
  | { readonly kind: 'close' }

/** What a store answered, as JSON; `none` where what was asked for is not there. */
export interface Called {
  readonly json: string
  readonly none: boolean
}

export type ThreadAnswer = Called | IngestAnswer | undefined

/** An error on its way from one thread to another, which keeps no classes. */
export interface ThreadError {
  readonly name: string
  readonly message: string
  readonly stack?: string
  /** Of a `Refusal`. */
  readonly status?: number
  readonly issues?: readonly Issue[]
  readonly headers?: Readonly<Record<string, string>>
  /** Of a `StoreError`. */
  readonly code?: string
}

export type FromThread =
  | { readonly id: number; readonly answer: ThreadAnswer }
  | { readonly id: number; readonly error: ThreadError }

export type ToThread = ThreadRequest & { readonly id: number }
