// Runs traces whose tasks go through a pool, and prints the report as JSON. Arguments: the pool, its options, those of the traces.
import { collect, report, runTraces } from './tree.mjs'

const [name, options, traces] = process.argv.slice(2)
const here = file => new URL(file, import.meta.url)
const given = JSON.parse(options ?? '{}')

const POOLS = {
  async piscina({ file = 'pool-task.mjs', ...more }) {
    const { Piscina } = await import('piscina')
    const pool = new Piscina({ filename: here(file).href, maxThreads: 2, ...more })
    return data => pool.run(data)
  },
  async tinypool({ ...more }) {
    const { default: Tinypool } = await import('tinypool')
    const pool = new Tinypool({
      filename: here('pool-task.mjs').href,
      minThreads: 1,
      maxThreads: 2,
      env: process.env,
      ...more,
    })
    return data => pool.run(data)
  },
  async workerpool({ ...more }) {
    const { default: workerpool } = await import('workerpool')
    const pool = workerpool.pool(here('workerpool-worker.mjs').pathname, { maxWorkers: 2, ...more })
    return data => pool.exec('task', [data])
  },
  async poolifier({ cluster }) {
    const { FixedClusterPool, FixedThreadPool } = await import('poolifier')
    const Pool = cluster ? FixedClusterPool : FixedThreadPool
    const pool = new Pool(2, here('poolifier-worker.mjs').pathname, { enableTasksQueue: true })
    return data => pool.execute(data)
  },
}

collect()
const enqueue = await POOLS[name](given)
await runTraces(enqueue, JSON.parse(traces ?? '{}'))
console.log(JSON.stringify(await report()))
// Without closing the pool: that of poolifier now and then waits for ever.
process.exit()
