import type { CallStatistics } from '../model/index.ts'
import { type ActiveSpan, FAILED, type SpanDetails } from './active-span.ts'
import { nanoseconds } from './clock.ts'
import { Latency } from './latency.ts'
import type { RuntimeSite } from './site.ts'
import { walkActive } from './walk-active.ts'

/** Levels of nodes below nodes; recursion can be deeper, and what is below that is only counted. */
const MAX_DEPTH = 32

/** Many calls of one site below one parent, as one node; what was below them, by site, as nodes below it. */
export class Calls {
  readonly site: RuntimeSite
  /** Number of the node's span id; 0 until somebody asks for the id. */
  serial = 0
  count = 0
  failed = 0
  /** Milliseconds. */
  total = 0
  min: number = Number.POSITIVE_INFINITY
  max = 0
  /** Milliseconds of `now`: of the call that began first, and of the one that ended last. */
  start: number = Number.POSITIVE_INFINITY
  end = 0
  /** Calls below that were faster than their minimum duration. */
  dropped = 0
  /** Milliseconds that their tasks waited in queues: all of them, and the one that waited longest. */
  queued = 0
  queueMax = 0
  below: Map<RuntimeSite, Calls> | undefined
  readonly #depth: number
  readonly #latency = new Latency()

  constructor(site: RuntimeSite, depth = 0) {
    this.site = site
    this.#depth = depth
  }

  /** Takes in a call that has ended, with all that is below it; goes as deep as that, without recursion. Returns how many spans it were. */
  add(span: ActiveSpan): number {
    let spans = 0
    const work: [Calls, ActiveSpan][] = [[this, span]]
    for (let next = work.pop(); next !== undefined; next = work.pop()) {
      const [calls, call] = next
      calls.#addOne(call)
      spans++
      if (calls.#depth === MAX_DEPTH) {
        const below = sizeBelow(call)
        calls.dropped += below
        spans += below
        continue
      }
      for (let child = call.lastChild; child !== null; child = child.previous) {
        if (!child.leftOut) work.push([calls.#child(child.site), child])
      }
      if (call.details?.crowd) for (const kin of call.details.crowd.values()) if (kin.calls) calls.#adopt(kin.calls)
    }
    return spans
  }

  statistics(): CallStatistics {
    return {
      count: this.count,
      failed: this.failed,
      total: nanoseconds(this.total),
      min: nanoseconds(this.min),
      max: nanoseconds(this.max),
      // The middle of a bucket can lie outside of what was measured.
      p50: nanoseconds(this.#within(this.#latency.quantile(0.5))),
      p99: nanoseconds(this.#within(this.#latency.quantile(0.99))),
      ...(this.queueMax > 0 && { queueMax: nanoseconds(this.queueMax) }),
    }
  }

  #within(duration: number): number {
    return Math.min(Math.max(duration, this.min), this.max)
  }

  #addOne(span: ActiveSpan): void {
    const duration = span.end - span.start
    this.count++
    if (span.status === FAILED) this.failed++
    this.total += duration
    if (duration < this.min) this.min = duration
    if (duration > this.max) this.max = duration
    if (span.start < this.start) this.start = span.start
    if (span.end > this.end) this.end = span.end
    if (span.details !== null) this.#addDetails(span.details)
    this.#latency.add(duration)
  }

  #addDetails({ dropped, queued = 0 }: SpanDetails): void {
    this.dropped += dropped
    this.queued += queued
    if (queued > this.queueMax) this.queueMax = queued
  }

  #child(site: RuntimeSite): Calls {
    const below = (this.below ??= new Map<RuntimeSite, Calls>())
    let calls = below.get(site)
    if (calls === undefined) below.set(site, (calls = new Calls(site, this.#depth + 1)))
    return calls
  }

  #adopt(other: Calls): void {
    const work: [Calls, Calls][] = [[this.#child(other.site), other]]
    for (let next = work.pop(); next !== undefined; next = work.pop()) {
      const [calls, given] = next
      calls.#merge(given)
      if (given.below === undefined) continue
      for (const child of given.below.values()) {
        if (calls.#depth < MAX_DEPTH) work.push([calls.#child(child.site), child])
        else calls.dropped += child.count
      }
    }
  }

  #merge(other: Calls): void {
    this.count += other.count
    this.failed += other.failed
    this.total += other.total
    this.min = Math.min(this.min, other.min)
    this.max = Math.max(this.max, other.max)
    this.start = Math.min(this.start, other.start)
    this.end = Math.max(this.end, other.end)
    this.dropped += other.dropped
    this.queued += other.queued
    this.queueMax = Math.max(this.queueMax, other.queueMax)
    this.#latency.merge(other.#latency)
  }
}

function sizeBelow(span: ActiveSpan): number {
  let size = -1
  walkActive(span, () => {
    size++
    return true
  })
  return size
}
