import { parentPort, workerData } from 'node:worker_threads'
import { getLogger } from 'span-tree'

const logger = getLogger('worker')
const ACTIONS = {
  first: () => {},
  'is done': () => setInterval(() => {}, 1_000),
  hangs() {
    parentPort.postMessage('runs')
    for (;;);
  },
  async waits() {
    logger.span('before', () => {})
    parentPort.postMessage('runs')
    await new Promise(() => setInterval(() => {}, 1_000))
  },
}

export default how => logger.span('task', ACTIONS[how])

if (workerData in ACTIONS) {
  logger.span('start', ACTIONS[workerData])
  parentPort.postMessage('done')
}
