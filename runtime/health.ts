import type { monitorEventLoopDelay } from 'node:perf_hooks'
import type { RuntimeCounts } from './counts.ts'
import type { ExporterHealth } from './exporters/exporter.ts'
import { healthText } from './health-text.ts'
import { collector, shared } from './shared.ts'

/** Milliseconds between two looks at the event loop. */
const RESOLUTION = 20

/** What the runtime knows of itself, since the process began. */
export interface Health extends RuntimeCounts {
  /** Calls that were recorded: in spans that were exported or sampled away, in nodes that stand for many, or left out for being fast. */
  readonly spansMade: number
  readonly exporters: readonly ExporterHealth[]
  /** Milliseconds that the event loop was late, since this was asked for the first time. */
  readonly eventLoopDelay: { readonly mean: number; readonly p99: number; readonly max: number }
}

shared.extras.report = () => healthText(health())

let delay: ReturnType<typeof monitorEventLoopDelay> | undefined

/** The event loop is watched from the first question on. */
export function health(): Health {
  const { spansExported, spansSampledAway, spansCollapsed, spansDropped } = collector.counts
  const spansMade = spansExported + spansSampledAway + spansCollapsed + spansDropped
  return { ...collector.counts, spansMade, exporters: exportersHealth(), eventLoopDelay: eventLoopDelay() }
}

function exportersHealth(): ExporterHealth[] {
  return collector.exporters.flatMap(exporter => {
    try {
      return exporter.health?.() ?? []
    } catch {
      return []
    }
  })
}

function eventLoopDelay(): Health['eventLoopDelay'] {
  if (delay === undefined) {
    delay = process.getBuiltinModule('node:perf_hooks').monitorEventLoopDelay({ resolution: RESOLUTION })
    delay.enable()
  }
  const { mean, max } = delay
  // What a timer of that resolution takes when nothing is late.
  const late = (nanoseconds: number): number => Math.max(0, Math.round(nanoseconds / 1e4 - RESOLUTION * 100) / 100)
  return { mean: late(mean || 0), p99: late(delay.percentile(99)), max: late(max) }
}
