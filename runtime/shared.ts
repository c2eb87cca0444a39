import { AsyncLocalStorage } from 'node:async_hooks'
import { Collector } from './collector.ts'
import type { Task } from './task.ts'

interface Shared {
  readonly storage: AsyncLocalStorage<Task | undefined>
  readonly collector: Collector
}

/**
 * The state of the runtime, one a process however many copies of this module are loaded (bundled twice, as a
 * dependency of two packages): the first to load makes it, the others find it. The number is that of its layout.
 */
const KEY = Symbol.for('span-tree.runtime.1')

const registry = globalThis as { [KEY]?: Shared }

const shared: Shared = (registry[KEY] ??= { storage: new AsyncLocalStorage(), collector: new Collector() })

export const storage: Shared['storage'] = shared.storage
export const collector: Shared['collector'] = shared.collector
