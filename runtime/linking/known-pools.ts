import { subscribe } from 'node:diagnostics_channel'
import { requireFromHere } from '../own-modules.ts'
import { requireLazily } from './hook-file.ts'
import { unlinked } from './registry.ts'
import * as tags from './task-tag.ts'

/** Packages that there is an adapter for. */
const POOL = /(?:^|[\\/]node_modules[\\/])(piscina|tinypool|workerpool|poolifier)(?:$|[\\/](?!.*node_modules[\\/]))/

interface Required {
  readonly id: string
  readonly parentFilename?: string
  readonly result?: unknown
}

/**
 * Links pools as they are loaded. Node says what is required (and what ES modules import of CommonJS), so no hook is needed; packages
 * that are ES modules are linked when they make their first worker.
 */
export function watchForPools(): void {
  for (const [path, module] of Object.entries(requireFromHere.cache))
    if (module?.loaded) offer(path, () => module.exports)
  subscribe('tracing:module.require:end', message => {
    const { id, parentFilename = '', result } = message as Required
    offer(id.startsWith('.') ? parentFilename : id, () => result)
  })
}

/** `script`: a module of a package that makes a worker. */
export function linkPoolAt(script: string): void {
  offer(script, () => requireFromHere(script))
}

/** The adapters are loaded when there is something for them. Never throws: this is in the way of the program's own calls. */
function offer(path: string, load: () => unknown): void {
  const name = POOL.exec(path)?.[1]
  if (name === undefined) return
  try {
    const { linkPool } = requireLazily('pools') as typeof import('./pools.ts')
    linkPool(name, load(), tags)
  } catch (error) {
    unlinked(name, String(error))
  }
}
