import type { SpanTree } from '../model/index.ts'
import type { TraceIdentity } from './active-trace.ts'

/** Trees of other threads that wait for the end of the trace that they belong into. */
const MAX_JOINED = 1_000
/** Exported traces of which more may come from other threads, that are remembered as such. */
const MAX_CLOSED = 1_000

/** Traces that other threads may go on: what those send is kept on the trace's identity until it is exported. */
export class JoinableTraces {
  readonly #open = new Map<string, TraceIdentity>()
  /** The ids of the last that were exported. */
  readonly #closed = new Set<string>()

  /** Other threads may send what belongs into this trace. */
  expect(identity: TraceIdentity): void {
    identity.expected = true
    this.#open.set(identity.id, identity)
  }

  /** Puts a tree into its trace; false where that is not here, or has enough of them. */
  join(tree: SpanTree): boolean {
    const identity = this.#open.get(tree.traceId)
    const joined = identity && (identity.joined ??= [])
    // A root that never ends must not keep all that was ever done for it.
    if (joined === undefined || joined.length >= MAX_JOINED) return false
    joined.push(tree)
    return true
  }

  /** Whether it is a part of a trace that is being made here as well: what a message did that came back from another thread. */
  isPart(identity: TraceIdentity): boolean {
    const whole = this.#open.get(identity.id)
    return whole !== undefined && whole !== identity
  }

  /** Whether what comes of the trace now is late. */
  isClosed(traceId: string): boolean {
    return !this.#open.has(traceId) && this.#closed.has(traceId)
  }

  /** The trace is exported. */
  close(identity: TraceIdentity): void {
    // To ask the others for their id would make one.
    if (!identity.expected || this.#open.get(identity.id) !== identity) return
    this.#open.delete(identity.id)
    this.#closed.add(identity.id)
    for (const oldest of this.#closed) {
      if (this.#closed.size <= MAX_CLOSED) break
      this.#closed.delete(oldest)
    }
  }
}
