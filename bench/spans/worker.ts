/**
 * Measures one contender: prints its nanoseconds a span in each workload, a number a round, as JSON. `name+4`: in an app that holds four
 * other AsyncLocalStorages.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { setImmediate as turn } from 'node:timers/promises'
import { SPANS, type Workload } from './workload.ts'

const [given = '', rounds] = process.argv.slice(2)
const [contender, stores = '0'] = given.split('+')
for (let i = 0; i < Number(stores); i++) new AsyncLocalStorage().enterWith({ store: i })
const now = performance.now.bind(performance)
const { leaves, outer, steps, check } = (await import(`./contenders/${contender}.ts`)) as Workload

/** Calls between two turns of the event loop, in which exporters do their part; that part is measured too. */
const CALLS = { leaves: 20, outer: 400, steps: 20 }
const TURNS = 30

async function round(name: keyof typeof CALLS, call: () => unknown): Promise<number> {
  const start = now()
  for (let i = 0; i < TURNS; i++) {
    for (let k = 0; k < CALLS[name]; k++) {
      const result = call()
      if (result instanceof Promise) await result
    }
    await turn()
  }
  return ((now() - start) * 1e6) / (TURNS * CALLS[name] * SPANS[name])
}

const figures: Record<string, number[]> = { leaves: [], outer: [], steps: [] }
// The first rounds warm the compiler up.
for (let i = 0; i < Number(rounds) + 5; i++) {
  for (const [name, call] of [
    ['leaves', leaves],
    ['outer', () => outer(i)],
    ['steps', steps],
  ] as const) {
    const figure = await round(name, call)
    if (i >= 5) figures[name]?.push(figure)
  }
}
await check?.()
console.log(JSON.stringify(figures))
process.exit(0)
