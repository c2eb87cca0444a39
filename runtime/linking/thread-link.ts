import type { Exporter } from '../exporters/exporter.ts'
import { collector, storage } from '../shared.ts'
import { remoteTask } from '../span-context.ts'
import { requireLazily } from './hook-file.ts'
import { LINK, type ThreadLink } from './link-data.ts'

/** In a worker, the link to the thread that made it. */
export function threadLink(): ThreadLink | undefined {
  return (globalThis as { [key: symbol]: ThreadLink | undefined })[Symbol.for(LINK)]
}

/** What the worker's own code does as it starts is below the span that made the worker. */
export function enterLink(link: ThreadLink): void {
  collector.eager = true
  if (link.off) collector.enabled = false
  if (link.context === undefined) return
  storage.enterWith(remoteTask(link.context))
  // Once: a second copy of the runtime may be loaded in a span.
  link.context = undefined
}

/** What takes the worker's trees to the thread that made it. */
export function threadExporter(link: ThreadLink): Exporter {
  const { ThreadExporter } = requireLazily('thread-exporter') as typeof import('./thread-exporter.ts')
  return new ThreadExporter(link)
}
