/** Traces that are known before those that are not seen any more are forgotten, and milliseconds for that. */
const MAX_KNOWN = 1_000
const FORGET = 60_000
/** Milliseconds in which the parts of one trace, which come one after the other, are published together. */
const TOGETHER = 100
/** Milliseconds between two publications at most: one that is silent for much longer has died. */
const MAX_PAUSE = 60_000

interface Known {
  published: number
  due: number
  pause: number
  seen: number
}

/** When a running trace is published: once it has run for a while, then again and again, with pauses that grow. */
export class RunningSchedule {
  readonly #first: number
  readonly #known = new Map<string, Known>()

  /** `first`: milliseconds until the first time. */
  constructor(first: number) {
    this.#first = first
  }

  /** Whether to publish it now. `now`: milliseconds. */
  isDue(traceId: string, now: number): boolean {
    const known = this.#know(traceId, now)
    known.seen = now
    if (now - known.published < TOGETHER) return true
    if (now < known.due) return false
    known.published = now
    known.due = now + known.pause
    known.pause = Math.min(MAX_PAUSE, known.pause * 2)
    return true
  }

  ended(traceId: string): void {
    this.#known.delete(traceId)
  }

  #know(traceId: string, now: number): Known {
    let known = this.#known.get(traceId)
    if (known !== undefined) return known
    if (this.#known.size >= MAX_KNOWN) this.#forget(now)
    known = { published: Number.NEGATIVE_INFINITY, due: now + this.#first, pause: this.#first, seen: now }
    this.#known.set(traceId, known)
    return known
  }

  #forget(now: number): void {
    for (const [id, { seen }] of this.#known) if (now - seen > FORGET) this.#known.delete(id)
  }
}
