/**
 * What a million traces leave behind, as `node --expose-gc bench/spans/retained.ts [traces]` finds it: prints, as JSON, their number and the
 * bytes of the heap before and after them, both after full collections, and exits with 1 where more than `MAX_GROWTH` stay.
 */
import { setImmediate as turn } from 'node:timers/promises'
import { configure } from 'span-tree'
import { load } from './instrumented.ts'

const TRACES = Number(process.argv[2] ?? 1_000_000)
/** Traces that are made before the heap is looked at: by then the compiler is done. */
const WARM = 50_000
/** Bytes: what code that was compiled in the meantime takes, and no trace. */
const MAX_GROWTH = 1_000_000

configure({ exporters: [{ export: () => {} }] })
const { outer, steps } = await load()

const gc = (globalThis as { gc?: () => void }).gc
if (gc === undefined) throw new Error('run it with --expose-gc')

/** One in a hundred is asynchronous, with twenty spans. */
async function make(traces: number): Promise<void> {
  for (let i = 0; i < traces; i++) {
    if (i % 100 === 0) await steps()
    else outer(i)
    if (i % 500 === 0) await turn()
  }
}

async function heap(): Promise<number> {
  for (let i = 0; i < 4; i++) {
    await turn()
    gc?.()
  }
  return process.memoryUsage().heapUsed
}

await make(WARM)
const before = await heap()
await make(TRACES)
const after = await heap()
console.log(JSON.stringify({ traces: TRACES, before, after }))
process.exit(after - before > MAX_GROWTH ? 1 : 0)
