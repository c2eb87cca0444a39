// The other side of `relays.mjs`, as a worker or as a forked process: says where it was started, and answers what it is asked.
import { isMainThread, parentPort, workerData } from 'node:worker_threads'
import { ask, close, open } from './relays.mjs'
import { sleep, spanned } from './tree.mjs'

const { id, parent, depth } = isMainThread ? JSON.parse(process.argv[2]) : workerData
const end = isMainThread ? process : parentPort
const post = message => (isMainThread ? process.send(message) : parentPort.postMessage(message))
let below

end.on('message', async message => {
  if (message === 'close') {
    if (below) await close(below)
    return isMainThread ? process.disconnect() : parentPort.close()
  }
  spanned(message.id, message.parent, async () => {
    await sleep(message.ms)
    if (below) await ask(below, `${message.id}+`, message.id, message.ms)
    post({ asked: message.id, id: `${message.id}=`, parent: message.id })
  })
})

await spanned(`${id}.start`, parent, async () => {
  if (depth > 0) below = await open('worker', `${id}.below`, `${id}.start`, depth - 1)
  await sleep(1)
  post({ asked: id, id: `${id}.ready`, parent: `${id}.start` })
})
