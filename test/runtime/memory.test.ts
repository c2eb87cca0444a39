import { expect, test } from 'vitest'
import { program } from '../process/processes.ts'

/** Runs an instrumented program that can collect garbage; its exporter looks at no tree. What it prints, as JSON. */
async function measured(code: string): Promise<unknown> {
  const { stdout, stderr } = await program(`
    import { configure, counts, getLogger } from 'span-tree'
    configure({ exporters: [{ export() {} }], waitForTasks: 5 })
    const turn = () => new Promise(resolve => setImmediate(resolve))
    ${code}`).traced({ env: { SPAN_TREE: '' }, flags: ['--expose-gc'] })
  expect(stderr).toBe('')
  return JSON.parse(stdout)
}

test.concurrent('200,000 traces, a part of them with errors and late additions, leave the heap as it was', async () => {
  const result = await measured(`
    function leaf(i) { if (i % 50 === 0) throw new Error('no ' + i); return i }
    async function request(i) { await null; try { leaf(i) } catch {} }
    const outside = i => i % 40 ? request(i) : getLogger('t').span('r' + (i % 10), () => request(i))
    async function heap() { for (let i = 0; i < 3; i++) { await turn(); gc() } return process.memoryUsage().heapUsed / 1e6 }
    let before
    for (let i = 0; i < 220_000; i += 100) {
      if (i === 20_000) before = await heap()
      const batch = []
      for (let j = 0; j < 100; j++) batch.push(outside(i + j))
      await Promise.all(batch)
    }
    console.log(JSON.stringify({ grown: (await heap()) - before, traces: counts().tracesExported }))
  `)
  const { grown, traces } = result as { grown: number; traces: number }
  expect(traces).toBeGreaterThanOrEqual(200_000)
  expect(grown).toBeLessThan(3)
})

test.concurrent('what is left behind keeps a small tombstone of its trace, not the tree', async () => {
  const result = await measured(`
    import { AsyncResource } from 'node:async_hooks'
    const kept = []
    const trees = []
    configure({ exporters: [{ export(tree) { trees.push(new WeakRef(tree.root)) } }] })
    class Big { data = new Array(10_000).fill('x') }
    const bigs = []
    async function inner() {
      const big = new Big()
      bigs.push(new WeakRef(big))
      getLogger('t').info('said', { big })
      await null
      kept.push(new AsyncResource('leaked'), setInterval(() => {}, 1e6).unref(), getLogger('t').start('kept'))
      kept.at(-1).end()
      try { failing(big) } catch {}
    }
    function failing(big) { kept.push(new AsyncResource('leaked')); const error = new Error('kept'); error.big = new WeakRef(big); throw error }
    async function main() { await inner() }
    await Promise.all([main(), main(), main()])
    await turn()
    for (let i = 0; i < 5; i++) { await turn(); gc() }
    console.log(JSON.stringify({
      kept: kept.length, traced: trees.length > 2,
      trees: trees.filter(tree => tree.deref()).length, bigs: bigs.filter(big => big.deref()).length,
    }))
    process.exit()
  `)
  expect(result).toEqual({ kept: 12, traced: true, trees: 0, bigs: 0 })
})
