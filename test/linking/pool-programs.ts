import type { LinkedProject } from './project.ts'

/** Pools by the name and the options that `programs/pools.mjs` takes. */
export const POOLS: readonly (readonly [name: string, options: object])[] = [
  ['piscina', {}],
  ['piscina', { atomics: 'disabled', minThreads: 1, concurrentTasksPerWorker: 3, file: 'pool-task.cjs' }],
  ['tinypool', {}],
  ['tinypool', { runtime: 'child_process' }],
  ['workerpool', { workerType: 'thread' }],
  ['workerpool', { workerType: 'process' }],
  ['poolifier', {}],
  ['poolifier', { cluster: true }],
]

/** What `programs/tree.mjs` reports. */
export interface LinkReport {
  readonly spans: number
  /** Spans of tasks that were enqueued in a span. */
  readonly linked: number
  /** Spans that say how long their task waited in the queue. */
  readonly queued: number
  /** Trees that were there as soon as the last task was done. */
  readonly inTime: number
  readonly late: number
  readonly wrong: readonly unknown[]
}

/** Runs generated traces through a pool; `traces`: how many at once, and the seed. */
export async function runPool(
  project: LinkedProject,
  node: string,
  [name, options]: readonly [string, object],
  traces: { readonly traces?: number; readonly seed: number },
): Promise<LinkReport> {
  const args = ['pools.mjs', name, JSON.stringify(options), JSON.stringify(traces)]
  const { stdout } = await project.run(node, args)
  return JSON.parse(stdout.trim().split('\n').at(-1) as string) as LinkReport
}

/** Runs generated traces through workers, processes, a pool and a queue at once. `expected`: how many spans there ought to be. */
export async function runCrowd(
  project: LinkedProject,
  node: string,
  traces: { readonly traces?: number; readonly steps?: number; readonly forks?: number; readonly seed: number },
): Promise<LinkReport & { readonly expected: number }> {
  const { stdout } = await project.run(node, ['crowd.mjs', JSON.stringify(traces)])
  return JSON.parse(stdout.trim().split('\n').at(-1) as string) as LinkReport & { readonly expected: number }
}
