import { syncBuiltinESMExports } from 'node:module'
import workerThreads from 'node:worker_threads'
import { hookFlags, requireLazily } from './hook-file.ts'
import { link } from './registry.ts'

/**
 * Every Worker that is made from now on is linked to this thread: what it does as it starts is below the span that made it, and its
 * trees join those of this thread. The constructor is replaced where CommonJS and ES modules find it, by a proxy of itself: `name`,
 * `length`, statics, `instanceof` and subclasses are as they were.
 */
export function linkWorkers(): void {
  link('worker_threads', () => {
    hookFlags()
    const { Worker } = workerThreads
    // Most programs make no worker.
    const linked = (): typeof import('./worker-threads.ts') => requireLazily('worker-threads') as never
    workerThreads.Worker = new Proxy(Worker, {
      construct: (_, parameters, target) => linked().construct(Worker, parameters as never, target as typeof Worker),
    })
    syncBuiltinESMExports()
  })
}
