import { setTimeout as sleep } from 'node:timers/promises'
import type { StoreErrorCode } from '../../store/store-error.ts'
import type { TraceQuery, TraceSummary } from '../../store/trace-store.ts'
import type { TailFlags } from '../commands/tail.ts'
import { queryOf } from './filter-options.ts'
import { json, note, outputWidth, printText } from './print.ts'
import { printTrace } from './print-trace.ts'
import { FOUND, isStoreError, type Session } from './store-command.ts'
import { table } from './table.ts'
import { TRACE_COLUMNS, traceJson, traceRow } from './trace-rows.ts'

const INTERVAL = 500
/** What is shown of what was there before. */
const FIRST = 10
/** Traces that are asked for at a time: a burst of more than that between two looks is asked for again, for more. */
const PAGE = 200
const MAX_PAGE = 9_999
/** Traces that are remembered as printed; what is older than they are is not printed any more. */
const MAX_SEEN = 20_000
const PASSING: ReadonlySet<StoreErrorCode> = new Set(['busy', 'io'])

/** Prints traces that are complete, each once, until interrupted. */
export async function followTraces(session: Session, flags: TailFlags): Promise<number> {
  const interrupted = interruption()
  const follower = new Follower(session, queryOf(flags))
  const outages = new Outages()
  const first = await follower.first(flags.limit ?? FIRST)
  await print(session, first, flags)
  while (!interrupted.aborted) {
    await sleep(flags.interval ?? INTERVAL, undefined, { signal: interrupted }).catch(() => {})
    if (!interrupted.aborted) await print(session, await outages.survived(() => follower.next()), flags)
  }
  return FOUND
}

/** Times without an answer: a receiver that is started anew, or a file that is held, is waited for, and told of once. */
class Outages {
  #isAway = false

  async survived(look: () => Promise<TraceSummary[]>): Promise<TraceSummary[]> {
    try {
      const found = await look()
      if (this.#isAway) note('span-tree: it answers again')
      this.#isAway = false
      return found
    } catch (error) {
      if (!isStoreError(error) || !PASSING.has(error.code)) throw error
      if (!this.#isAway) note(`span-tree: ${error.message}; waiting for it`)
      this.#isAway = true
      return []
    }
  }
}

function interruption(): AbortSignal {
  const controller = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => controller.abort())
  return controller.signal
}

class Follower {
  readonly #session: Session
  readonly #query: TraceQuery
  /** Traces that were printed, by their id, with their start. */
  readonly #seen = new Map<string, bigint>()
  /** What began before it is not looked at. */
  #floor: bigint

  constructor(session: Session, query: TraceQuery) {
    this.#session = session
    this.#query = query
    this.#floor = query.since ?? 0n
  }

  /** What is there already: the last of it, the oldest first. */
  async first(limit: number): Promise<TraceSummary[]> {
    const there = await this.#newest(Math.max(PAGE, limit))
    if (there.length >= PAGE) this.#floor = there.at(-1)!.start
    const complete = there.filter(isComplete)
    for (const trace of complete) this.#seen.set(trace.traceId, trace.start)
    return complete.slice(0, limit).reverse()
  }

  /** What has been completed since. */
  async next(): Promise<TraceSummary[]> {
    const fresh = await this.#fresh()
    for (const trace of fresh) this.#seen.set(trace.traceId, trace.start)
    if (this.#seen.size > MAX_SEEN) this.#forget()
    return fresh.reverse()
  }

  async #fresh(): Promise<TraceSummary[]> {
    for (let limit = PAGE; ; limit = Math.min(limit * 4, MAX_PAGE)) {
      const found = await this.#newest(limit)
      const fresh = found.filter(trace => isComplete(trace) && !this.#seen.has(trace.traceId))
      if (fresh.length < found.length || found.length < limit || limit >= MAX_PAGE) return fresh
    }
  }

  #newest(limit: number): Promise<readonly TraceSummary[]> {
    const { client, namespace } = this.#session
    return client.traces(namespace, { ...this.#query, since: this.#floor, limit })
  }

  /** The older half. */
  #forget(): void {
    const starts = [...this.#seen.values()].sort((a, b) => (a < b ? -1 : 1))
    this.#floor = starts[starts.length >> 1] as bigint
    for (const [traceId, start] of this.#seen) if (start < this.#floor) this.#seen.delete(traceId)
  }
}

function isComplete({ status, duration }: TraceSummary): boolean {
  return status !== 'running' && duration !== undefined
}

async function print(session: Session, traces: readonly TraceSummary[], { tree }: TailFlags): Promise<void> {
  for (const trace of traces) {
    if (tree) await printTrace(session, trace.traceId)
    else if (session.json) process.stdout.write(`${json(traceJson(trace))}\n`)
    else printText(() => rowText(trace))
  }
}

/** Without titles; rows are aligned with one another as far as their widths are alike. */
function rowText(trace: TraceSummary): string {
  const [began, status, took, spans, ...rest] = traceRow(trace)
  const cells = [began!, padded(status!, 7), padded(took!, 7), padded(spans!, 5), ...rest]
  const text = table(TRACE_COLUMNS, [cells], outputWidth(), each => each)
  return text.slice(text.indexOf('\n') + 1)
}

function padded<T extends { readonly text: string }>(cell: T, width: number): T {
  return { ...cell, text: cell.text.padStart(width) }
}
