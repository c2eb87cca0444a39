/** As far as it is needed to see what outlasts what; nanoseconds. */
interface Timed {
  readonly id: bigint
  readonly parent: bigint | null
  readonly start: bigint
  /** `null`: it still runs. */
  readonly duration: bigint | null
}

/**
 * What calls of a trace wait for: the functions that they called, and those below these that ran on when these had returned. In
 * `items.map(item => load(item))` the arrow returns at once, and `load` is what takes the time.
 */
export class AwaitedSpans<T extends Timed> {
  readonly #below: ReadonlyMap<bigint | null, readonly T[]>
  /** When the last span below has ended, of those that outlast their own span. */
  readonly #reach = new Map<bigint, bigint>()

  constructor(spans: readonly T[]) {
    this.#below = Map.groupBy(spans, ({ parent }) => parent)
    const byId = new Map(spans.map(span => [span.id, span]))
    for (const span of spans)
      for (let above = parentOf(span, byId); above && this.#lasts(above) < endOf(span); above = parentOf(above, byId))
        this.#reach.set(above.id, endOf(span))
  }

  of(call: T): T[] {
    const found = [...(this.#below.get(call.id) ?? [])]
    const open = found.map(span => ({ span, covered: endOf(span) }))
    for (let next = open.pop(); next; next = open.pop()) {
      const { span, covered } = next
      if (this.#lasts(span) <= covered) continue
      for (const child of this.#below.get(span.id) ?? []) {
        const outlasts = endOf(child) > covered
        if (outlasts) found.push(child)
        open.push({ span: child, covered: outlasts ? endOf(child) : covered })
      }
    }
    return found
  }

  #lasts(span: T): bigint {
    return this.#reach.get(span.id) ?? endOf(span)
  }
}

function parentOf<T extends Timed>({ parent }: T, byId: ReadonlyMap<bigint, T>): T | undefined {
  return parent === null ? undefined : byId.get(parent)
}

const NEVER = 2n ** 63n

function endOf({ start, duration }: Timed): bigint {
  return duration === null ? NEVER : start + duration
}
