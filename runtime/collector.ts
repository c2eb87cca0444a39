import { AsyncResource } from 'node:async_hooks'
import type { SpanTree } from '../model/index.ts'
import { type ActiveSpan, DROPPED, isRunning } from './active-span.ts'
import type { ActiveTrace, TraceIdentity } from './active-trace.ts'
import type { Budget } from './budget.ts'
import { continuationOf } from './continuation.ts'
import { noCounts, type RuntimeCounts } from './counts.ts'
import type { Exporter } from './exporters/exporter.ts'
import { graft } from './grafts.ts'
import { JoinableTraces } from './joinable-traces.ts'
import { LiveTraces } from './live-traces.ts'
import { ProgressWatch } from './progress-watch.ts'
import type { TailSampler } from './sampling.ts'
import { buildTree, growingTree, lazyTree } from './span-tree.ts'
import { bury } from './tombstone.ts'
import { walkActive } from './walk-active.ts'

/** Milliseconds that a trace waits, after its root has ended, for tasks that still run under it. */
const WAIT_FOR_TASKS = 1_000
/** Calls of one site below one parent that are nodes of their own. */
const MAX_SIBLINGS = 128
/** Completed traces that wait for export before they are exported on the spot. */
const MAX_PENDING = 1_000
// Taken when the module loads, so that fake timers do not stop the export.
const { setTimeout, clearTimeout, setImmediate } = globalThis

/** Is told of every trace as it begins and when it is complete; what is known then of a part that goes on later is not told again. */
export interface TraceWatcher {
  began(trace: ActiveTrace): void
  ended(trace: ActiveTrace): void
}

/**
 * Takes traces from their first span to the exporters. Completed traces are turned into trees and exported in the
 * next turn of the event loop, off the traced program's path.
 */
export class Collector {
  /** False: nothing is traced, at the cost of this one branch. */
  enabled = true
  #exporters: readonly Exporter[] = []
  /** Exporters that were replaced, of those that hold what they are given for a while. */
  readonly #former = new Set<Exporter>()
  /** Whether an exporter wants to see traces while they run. */
  #watches = false
  readonly counts: RuntimeCounts = noCounts()
  /** The process ends: there will be no next turn of the event loop. */
  ending = false
  /** Called once, before the first trace: chooses the exporters if nobody has. */
  onFirstTrace: (() => void) | undefined
  /** Equal siblings that are kept as nodes of their own; what goes beyond shares one node. */
  maxSiblings: number = MAX_SIBLINGS
  /** Decides, by the name of its root, whether a trace is made at all. */
  sampler: ((name: string) => boolean) | undefined
  /** Decides of a complete trace whether it is kept. */
  tailSampler: TailSampler | undefined
  /** What tracing may cost. */
  budget: Budget | undefined
  /** Traces are exported as soon as they are complete: in a worker, before the answer is sent that somebody waits for. */
  eager = false
  /** Called before traces are exported: other threads may have sent what belongs into them. */
  readonly beforeDrain: (() => void)[] = []
  readonly #joinable = new JoinableTraces()
  /** Milliseconds that a completed root waits for its tasks. */
  waitForTasks: number = WAIT_FOR_TASKS
  /** In a worker: shows what runs to the thread that made it. */
  watcher: TraceWatcher | undefined
  readonly #live = new LiveTraces()
  #pending: ActiveTrace[] = []
  #drainScheduled = false
  readonly #progress = new ProgressWatch(this.#live, () =>
    this.#untraced(() => {
      for (const trace of this.#live.all()) this.#show(trace)
    }),
  )
  // Timers of ours must not keep the context, and so the tree, of the span that happened to start them.
  readonly #outside = new AsyncResource('span-tree')

  get exporters(): readonly Exporter[] {
    return this.#exporters
  }

  set exporters(exporters: readonly Exporter[]) {
    // They still have to deliver what they were given.
    for (const former of this.#exporters) if (former.shutdown && !exporters.includes(former)) this.#former.add(former)
    this.#exporters = exporters
    this.#watches = exporters.some(exporter => exporter.progress !== undefined)
  }

  /** Asks the sampler. */
  wants(name: string): boolean {
    const wanted = this.#guarded(() => this.sampler?.(name), true)
    if (!wanted) this.counts.tracesUnsampled++
    return wanted
  }

  /** A trace begins. */
  begin(trace: ActiveTrace): void {
    if (this.onFirstTrace !== undefined) this.#first()
    this.#live.add(trace)
    this.watcher?.began(trace)
    if (this.#watches) this.#progress.begin()
  }

  /** The owner of a task has ended: when it was the last, or the root, the trace may be complete. */
  ended(trace: ActiveTrace): void {
    trace.open--
    if (trace.complete || isRunning(trace.root)) return
    if (trace.open <= 0) this.#complete(trace)
    else if (trace.deadline === undefined) this.#wait(trace)
  }

  /** A generator waits at a `yield`, perhaps for ever: its trace waits for it no longer than for other tasks. */
  paused(span: ActiveSpan): void {
    const { trace } = span
    if (!trace.sampled) return
    if (!isRunning(trace.root)) this.ended(trace)
    else if (--trace.open <= 0 && trace.deadline === undefined) this.#wait(trace)
  }

  /** A paused generator goes on. */
  unpaused(span: ActiveSpan): void {
    span.trace.open++
    if (!span.trace.sampled) return
    if (span.trace.root === span) this.#live.add(span.trace)
  }

  /** Exports what is complete; `everything`: and what still runs, as it stands. Exporters may still hold it. */
  drain(everything = false): void {
    if (everything) for (const trace of this.#live.all()) this.#complete(trace)
    for (const pull of this.beforeDrain) this.#guard(pull)
    const pending = this.#pending
    this.#pending = []
    this.#untraced(() => {
      for (const trace of pending) this.#export(trace)
      this.budget?.tick()
    })
  }

  /** Exports everything and has the exporters write it; for the end of the process. */
  flushSync(): void {
    this.drain(true)
    this.#untraced(() => {
      for (const exporter of this.#all()) this.#guard(() => exporter.flushSync?.())
    })
  }

  /** Exports what is complete and waits until it is written, `deadline` milliseconds at most. */
  async flush(deadline: number): Promise<void> {
    this.drain()
    await Promise.all(
      this.#all().map(async exporter => {
        try {
          await exporter.flush?.(deadline)
        } catch {
          this.counts.exporterErrors++
        }
      }),
    )
  }

  /** Exports everything, as it stands, and lets the exporters go. Nothing is traced any more. */
  async shutdown(deadline: number): Promise<void> {
    this.enabled = false
    this.drain(true)
    const exporters = this.#all()
    await Promise.all(
      exporters.map(async exporter => {
        try {
          await (exporter.shutdown ? exporter.shutdown(deadline) : exporter.flush?.(deadline))
        } catch {
          this.counts.exporterErrors++
        }
      }),
    )
    this.#exporters = []
    this.#former.clear()
  }

  #all(): readonly Exporter[] {
    return [...this.#exporters, ...this.#former]
  }

  #first(): void {
    const first = this.onFirstTrace
    this.onFirstTrace = undefined
    this.#outside.runInAsyncScope(() => first?.())
  }

  #wait(trace: ActiveTrace): void {
    this.#outside.runInAsyncScope(() => {
      trace.deadline = setTimeout(() => {
        trace.deadline = undefined
        // A generator that was paused when the wait began may be running again.
        if (!isRunning(trace.root) || trace.open <= 0) this.#complete(trace)
      }, this.waitForTasks)
      trace.deadline.unref()
    })
  }

  #complete(trace: ActiveTrace): void {
    if (trace.complete) return
    trace.complete = true
    if (trace.deadline !== undefined) clearTimeout(trace.deadline)
    this.#live.delete(trace)
    if (trace.open > 0 || isRunning(trace.root)) this.#continueRunning(trace)
    this.#pending.push(trace)
    if (this.eager || this.ending || this.#pending.length >= MAX_PENDING) this.drain()
    else if (!this.#drainScheduled) this.#schedule()
    this.watcher?.ended(trace)
  }

  #schedule(): void {
    this.#drainScheduled = true
    this.#outside.runInAsyncScope(() => {
      setImmediate(() => {
        this.#drainScheduled = false
        this.drain()
      }).unref()
    })
  }

  #export(trace: ActiveTrace): void {
    if (trace.root.status === DROPPED) {
      this.counts.tracesDropped++
      this.counts.spansDropped += trace.dropped
      return
    }
    const kept = this.#keeps(trace)
    this.#count(trace, kept)
    if (kept) {
      const { joined } = trace.identity
      if (!this.eager && trace.remoteParent !== undefined && this.#joinable.isPart(trace.identity))
        this.#handOver(trace)
      else if (joined === undefined) this.#hand(lazyTree(trace))
      else this.#handJoined(trace, joined)
    }
    this.#joinable.close(trace.identity)
    bury(trace)
  }

  #count({ spans, collapsed, dropped }: ActiveTrace, kept: boolean): void {
    if (kept) this.counts.spansExported += spans
    else this.counts.spansSampledAway += spans
    this.counts.spansCollapsed += collapsed
    this.counts.spansDropped += dropped
  }

  /** Other threads may send what belongs into this trace. */
  expect(identity: TraceIdentity): void {
    this.#joinable.expect(identity)
  }

  /** A tree that another thread has made. It goes into its trace where that is still here, else after it. */
  join(tree: SpanTree): void {
    if (this.onFirstTrace !== undefined) this.#first()
    if (this.#joinable.join(tree)) return
    const late = this.#joinable.isClosed(tree.traceId)
    this.#untraced(() => this.#hand(late ? { ...tree, late } : tree))
  }

  /** Gives it to the trace that it belongs to, and what other threads did in it. */
  #handOver(trace: ActiveTrace): void {
    const { joined = [] } = trace.identity
    trace.identity.joined = undefined
    for (const tree of [buildTree(trace), ...joined]) this.join(tree)
  }

  /** With what other threads did in it, as far as that has come. */
  #handJoined(trace: ActiveTrace, joined: readonly SpanTree[]): void {
    trace.identity.joined = undefined
    const tree = buildTree(trace)
    const left = graft(tree, joined)
    this.#hand(tree)
    for (const other of left) this.#hand(other)
  }

  #keeps(trace: ActiveTrace): boolean {
    if (this.tailSampler === undefined) return true
    const { identity } = trace
    identity.kept ??= this.#guarded(() => this.tailSampler?.(identity.id, trace), true)
    if (!identity.kept) this.counts.tracesSampledAway++
    return identity.kept
  }

  #hand(tree: SpanTree): void {
    this.counts.tracesExported++
    if (tree.late) this.counts.lateTrees++
    for (const exporter of this.#exporters) {
      try {
        exporter.export(tree)
      } catch {
        this.counts.exporterErrors++
      }
    }
  }

  /**
   * Spans that still run go on in continuations of their own, each with all that is below it, and arrive later. In the
   * tree that is exported now they are floating.
   */
  #continueRunning(trace: ActiveTrace): void {
    const floating = new Set<ActiveSpan>()
    trace.floating = floating
    walkActive(trace.root, span => {
      if (!isRunning(span)) return true
      floating.add(span)
      this.continueSpan(span)
      return false
    })
  }

  /** Lets a span of a completed trace that still runs go on in a continuation. */
  continueSpan(span: ActiveSpan): void {
    if (!span.trace.sampled) return
    const continuation = continuationOf(span)
    if (continuation.open > 0) this.#live.add(continuation)
  }

  /** An exporter may be the program's own and instrumented with it: what it calls must not give it more to export. */
  #untraced(action: () => void): void {
    const { enabled } = this
    this.enabled = false
    try {
      action()
    } finally {
      this.enabled = enabled
    }
  }

  #guard(action: () => void): void {
    this.#guarded(action, undefined)
  }

  /** What `action` returns; `otherwise` where that is nothing, or an error, which is counted. */
  #guarded<T>(action: () => T | undefined, otherwise: T): T {
    try {
      return action() ?? otherwise
    } catch {
      this.counts.exporterErrors++
      return otherwise
    }
  }

  #show(trace: ActiveTrace): void {
    let tree: SpanTree | undefined
    for (const exporter of this.exporters) {
      if (exporter.progress) this.#guard(() => exporter.progress?.((tree ??= growingTree(trace)) as SpanTree))
    }
  }
}
