import type { SpanBatch } from '../store/span-record.ts'
import type { TraceStore, WriteResult } from '../store/trace-store.ts'

/** Milliseconds that a batch waits for others, and spans with which nothing is waited for. */
const MAX_DELAY = 5
const MAX_SPANS = 1_000

interface Waiting {
  readonly batch: SpanBatch
  readonly resolve: (result: WriteResult) => void
  readonly reject: (error: unknown) => void
}

/** Many small batches cost as much as many spans: those of one program that come within milliseconds are written as one. */
export class GroupCommit {
  readonly #store: Pick<TraceStore, 'write'>
  #waiting: Waiting[] = []
  #spans = 0
  #timer: NodeJS.Timeout | undefined
  #last: Promise<void> = Promise.resolve()

  constructor(store: Pick<TraceStore, 'write'>) {
    this.#store = store
  }

  /** Resolves when it is kept; rejects with a `StoreError`. */
  write(batch: SpanBatch): Promise<WriteResult> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ batch, resolve, reject })
      this.#spans += batch.spans.length
      if (this.#spans >= MAX_SPANS) void this.flush()
      else this.#timer ??= setTimeout(() => void this.flush(), MAX_DELAY)
    })
  }

  get isIdle(): boolean {
    return this.#waiting.length === 0
  }

  /** Resolves when all that was waiting is kept, or has failed. */
  flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const waiting = this.#waiting
    this.#waiting = []
    this.#spans = 0
    const groups = Map.groupBy(waiting, ({ batch: { namespace, tags } }) => JSON.stringify([namespace, tags]))
    this.#last = this.#last.then(async () => {
      for (const group of groups.values()) await this.#commit(group)
    })
    return this.#last
  }

  async #commit(group: readonly Waiting[]): Promise<void> {
    try {
      const { accepted, refused } = await this.#store.write(joined(group.map(({ batch }) => batch)))
      if (refused.length === 0 && group.length === 1) group[0]?.resolve({ accepted, refused })
      else share(group, refused)
    } catch (error) {
      for (const { reject } of group) reject(error)
    }
  }
}

/** What the sender said of itself last stands for all. */
function joined(batches: readonly SpanBatch[]): SpanBatch {
  const [first] = batches
  if (first !== undefined && batches.length === 1) return first
  const last = batches.findLast(({ health }) => health !== undefined) ?? batches.at(-1)
  return { ...(last as SpanBatch), spans: batches.flatMap(({ spans }) => spans) }
}

function share(group: readonly Waiting[], refused: WriteResult['refused']): void {
  let start = 0
  for (const { batch, resolve } of group) {
    const end = start + batch.spans.length
    const own = refused.filter(({ index }) => index >= start && index < end)
    resolve({
      accepted: batch.spans.length - own.length,
      refused: own.map(({ index, reason }) => ({ index: index - start, reason })),
    })
    start = end
  }
}
