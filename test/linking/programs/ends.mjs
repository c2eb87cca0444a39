import { parentPort, workerData } from 'node:worker_threads'
import { getLogger } from 'span-tree'

getLogger('ends').span(workerData, () => {})
if (workerData === 'exit') process.exit(0)
if (workerData === 'throw') throw new Error('of the worker')
setInterval(() => {}, 1_000)
parentPort.postMessage('waits')
