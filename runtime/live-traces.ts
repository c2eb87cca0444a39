import type { ActiveTrace } from './active-trace.ts'

/** The traces that are being made: a list through the traces themselves, two writes a trace where a Set hashes. */
export class LiveTraces {
  #first: ActiveTrace | undefined

  get empty(): boolean {
    return this.#first === undefined
  }

  add(trace: ActiveTrace): void {
    if (trace.live) return
    trace.live = true
    trace.next = this.#first
    if (this.#first !== undefined) this.#first.before = trace
    this.#first = trace
  }

  delete(trace: ActiveTrace): void {
    if (!trace.live) return
    const { before, next } = trace
    if (before === undefined) this.#first = next
    else before.next = next
    if (next !== undefined) next.before = before
    trace.live = false
    trace.before = undefined
    trace.next = undefined
  }

  /** As they are now, the oldest first. */
  all(): ActiveTrace[] {
    const traces: ActiveTrace[] = []
    for (let trace = this.#first; trace !== undefined; trace = trace.next) traces.push(trace)
    return traces.reverse()
  }
}
