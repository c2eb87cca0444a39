import { Budget, budgetShare, type CountedSite } from './budget.ts'
import type { RuntimeCounts } from './counts.ts'
import type { Exporter } from './exporters/exporter.ts'
import { type HttpSettings, setHttp } from './linking/http-settings.ts'
import { headSampler, type Sampling, tailSampler } from './sampling.ts'
import type { Mode } from './settings.ts'
import { collector } from './shared.ts'
import { use, useExporters } from './start.ts'
import { setTags } from './tags.ts'

export interface Configuration {
  /** What becomes of traces; `SPAN_TREE` in the environment wins over it. */
  readonly mode?: Mode
  /** In place of the exporters of a mode. */
  readonly exporters?: readonly Exporter[]
  /** Where the JSON lines of `mode: 'json'` go. */
  readonly jsonTo?: 'stdout' | 'stderr'
  /** Milliseconds that a trace waits, after its root has ended, for tasks that still run under it (1,000). */
  readonly waitForTasks?: number
  /** Calls of one function below one parent that are nodes of their own (128); those beyond share one node. */
  readonly maxSiblings?: number
  /** Which traces are made and kept; all unless told. */
  readonly sampling?: Sampling
  /**
   * The share of CPU time that tracing may cost, like `'2%'` or 0.02: functions that are called so often that they would cost more are
   * counted only. No bound unless told.
   */
  readonly budget?: string | number
  /**
   * What all traces of this process have in common, over what is there by itself: `app` and `version` of the nearest package.json, `environment`
   * (`NODE_ENV`), `host`. `SPAN_TREE_TAGS=a=b,c=d` in the environment wins over it. Receivers are told; lines of JSON carry them where some are set.
   */
  readonly tags?: Readonly<Record<string, string | number | boolean>>
  /** Requests in and out: whether they make spans, which of them do not, and where traces go on. */
  readonly http?: HttpSettings
}

type Settings = { readonly [K in keyof Required<Configuration>]: (value: NonNullable<Configuration[K]>) => void }

/** What each setting sets; `mode` and `exporters`, which the environment overrules, come last. */
const SETTINGS: Omit<Settings, 'mode' | 'exporters' | 'jsonTo'> = {
  waitForTasks(milliseconds) {
    if (!(milliseconds >= 0)) throw new TypeError('span-tree: waitForTasks takes milliseconds, 0 or more')
    collector.waitForTasks = milliseconds
  },
  maxSiblings(count) {
    if (!(count >= 1)) throw new TypeError('span-tree: maxSiblings takes a number of calls, 1 or more')
    collector.maxSiblings = count
  },
  sampling({ head, tail }) {
    collector.sampler = headSampler(head)
    collector.tailSampler = tailSampler(tail)
  },
  budget(budget) {
    const share = budgetShare(budget)
    collector.budget?.release()
    collector.budget = new Budget(share)
  },
  tags: setTags,
  http: setHttp,
}

const KEYS: readonly string[] = ['mode', 'exporters', 'jsonTo', ...Object.keys(SETTINGS)]

/** Says what becomes of traces, from the next one to complete on. Throws a `TypeError` for an unknown key or value. */
export function configure(configuration: Configuration): void {
  for (const key of Object.keys(configuration)) {
    if (!KEYS.includes(key)) throw new TypeError(`span-tree: unknown setting '${key}'; there are ${KEYS.join(', ')}`)
  }
  for (const [key, set] of Object.entries(SETTINGS)) {
    const value = configuration[key as keyof Configuration]
    if (value !== undefined) set(value as never)
  }
  if (process.env['SPAN_TREE']) return
  const { mode, exporters, jsonTo } = configuration
  if (exporters !== undefined) useExporters(exporters)
  else if (mode !== undefined) use(mode, jsonTo)
}

/** Exports what is complete and waits until the exporters have written it, `deadline` milliseconds (5,000) at most. */
export function flush(deadline = 5_000): Promise<void> {
  return collector.flush(deadline)
}

/**
 * Exports everything, what still runs as it stands, waits until the exporters have written it, `deadline` milliseconds (5,000) at most, and lets go of
 * connections and files. Nothing is traced any more.
 */
export function shutdown(deadline = 5_000): Promise<void> {
  return collector.shutdown(deadline)
}

/** What the runtime knows of its own work. */
export function counts(): RuntimeCounts {
  return { ...collector.counts }
}

/** Functions whose calls are only counted for now, since they would cost more than the budget. */
export function countedOnly(): readonly CountedSite[] {
  return collector.budget?.counted ?? []
}
