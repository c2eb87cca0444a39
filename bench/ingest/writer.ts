/** A thread that writes into a store, as fast as it can, and makes text findable as it goes, until it is told to end. */
import { parentPort, workerData } from 'node:worker_threads'
import { SqliteStore } from '../../store/index.ts'
import { BATCH, Workload } from './workload.ts'

const { file, start } = workerData as { file: string; start: bigint }
const store = new SqliteStore(file)
const workload = new Workload(2, start)
let spans = 0
let ends = false
parentPort?.once('message', () => (ends = true))

async function run(): Promise<void> {
  while (!ends) {
    await store.write(workload.next())
    await store.maintain()
    spans += BATCH
    await new Promise(resolve => setImmediate(resolve))
  }
  await store.close()
  parentPort?.postMessage(spans)
}

await run()
