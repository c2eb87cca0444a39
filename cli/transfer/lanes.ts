import { type Span, spansOf } from '../../model/index.ts'

export interface Placed {
  readonly span: Span
  /** From 0. */
  readonly lane: number
  /** Of its parent, where there is one. */
  readonly parentLane?: number
  /** Nanoseconds; of what still runs: the last time that is known of the tree. */
  readonly end: bigint
}

/**
 * Timelines as profilers draw them know no spans side by side: each span goes into the lane of its parent where it fits between its
 * siblings, else into one that is free at that time, so that the spans of a lane lie within one another or apart.
 */
export class Lanes {
  /** Until when each lane is taken. */
  readonly #busy: bigint[] = []

  get count(): number {
    return this.#busy.length
  }

  /** Parents first. */
  place(root: Span): Placed[] {
    const last = lastTime(root)
    const placed = new Map<string, { readonly lane: number; readonly end: bigint; free: bigint }>()
    return Array.from(spansOf(root), ({ span }) => {
      const end = later(span.endTime ?? last, span.startTime)
      const parent = span === root ? undefined : placed.get(span.parentId ?? '')
      const fits = parent !== undefined && span.startTime >= parent.free && end <= parent.end
      const lane = fits ? parent.lane : this.#freeLane(span.startTime)
      if (fits) parent.free = end
      this.#busy[lane] = later(this.#busy[lane] ?? end, end)
      placed.set(span.id, { lane, end, free: span.startTime })
      return { span, lane, end, ...(parent && { parentLane: parent.lane }) }
    })
  }

  #freeLane(start: bigint): number {
    const free = this.#busy.findIndex(until => until <= start)
    return free < 0 ? this.#busy.length : free
  }
}

/** The last time that is known of a tree, in nanoseconds since the Unix epoch. */
export function lastTime(root: Span): bigint {
  let last = root.startTime
  for (const { span } of spansOf(root)) {
    last = later(last, span.endTime ?? span.startTime)
    for (const { time } of span.messages) last = later(last, time)
  }
  return last
}

function later(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}
