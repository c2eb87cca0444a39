/**
 * Bytes allocated a span, as `node --expose-gc --min-semi-space-size=256 --max-semi-space-size=256 bench/spans/memory.ts <contender>` counts them: the
 * young generation is large enough that nothing is collected while it counts. Prints a number a round for the
 * workloads, as JSON.
 */
import { setImmediate as turn } from 'node:timers/promises'
import { SPANS, type Workload } from './workload.ts'

const ROUNDS = 7
const CALLS = { leaves: 200, outer: 5_000, steps: 200 }

const { leaves, outer, steps } = (await import(`./contenders/${process.argv[2]}.ts`)) as Workload
const gc = (globalThis as { gc?: () => void }).gc
if (gc === undefined) throw new Error('run it with --expose-gc')

async function round(name: keyof typeof CALLS, call: () => unknown): Promise<number> {
  gc?.()
  const before = process.memoryUsage().heapUsed
  for (let k = 0; k < CALLS[name]; k++) {
    const result = call()
    if (result instanceof Promise) await result
  }
  await turn()
  return (process.memoryUsage().heapUsed - before) / (CALLS[name] * SPANS[name])
}

const figures: Record<string, number[]> = { leaves: [], outer: [], steps: [] }
for (let i = 0; i < ROUNDS + 3; i++) {
  for (const [name, call] of [
    ['leaves', leaves],
    ['outer', () => outer(i)],
    ['steps', steps],
  ] as const) {
    const figure = await round(name, call)
    if (i >= 3) figures[name]?.push(figure)
  }
}
console.log(JSON.stringify(figures))
process.exit(0)
