import type { RuntimeCounts } from './collector.ts'
import type { Exporter } from './exporters/exporter.ts'
import type { Mode } from './settings.ts'
import { collector } from './shared.ts'
import { use, useExporters } from './start.ts'

export interface Configuration {
  /** What becomes of traces; `SPAN_TREE` in the environment wins over it. */
  readonly mode?: Mode
  /** In place of the exporters of a mode. */
  readonly exporters?: readonly Exporter[]
  /** Where the JSON lines of `mode: 'json'` go. */
  readonly jsonTo?: 'stdout' | 'stderr'
  /** Milliseconds that a trace waits, after its root has ended, for tasks that still run under it (1,000). */
  readonly waitForTasks?: number
}

const KEYS: readonly string[] = ['mode', 'exporters', 'jsonTo', 'waitForTasks']

/** Says what becomes of traces, from the next one to complete on. Throws a `TypeError` for an unknown key or value. */
export function configure(configuration: Configuration): void {
  for (const key of Object.keys(configuration)) {
    if (!KEYS.includes(key)) throw new TypeError(`span-tree: unknown setting '${key}'; there are ${KEYS.join(', ')}`)
  }
  const { mode, exporters, jsonTo, waitForTasks } = configuration
  if (waitForTasks !== undefined) {
    if (!(waitForTasks >= 0)) throw new TypeError('span-tree: waitForTasks takes milliseconds, 0 or more')
    collector.waitForTasks = waitForTasks
  }
  if (process.env['SPAN_TREE']) return
  if (exporters !== undefined) useExporters(exporters)
  else if (mode !== undefined) use(mode, jsonTo)
}

/** Exports what is complete and waits until the exporters have written it, `deadline` milliseconds (5,000) at most. */
export function flush(deadline = 5_000): Promise<void> {
  return collector.flush(deadline)
}

/** What the runtime knows of its own work. */
export function counts(): RuntimeCounts {
  return { ...collector.counts }
}
