import { parentPort } from 'node:worker_threads'
import { getLogger } from 'span-tree'

const log = getLogger('echo')
parentPort.on('message', message => {
  if (message.port) message.port.postMessage('on the port')
  else if (message.raw) parentPort.postMessage(message)
  else if (message === 'first') answer(message)
  else setImmediate(answer, message)
})

function answer(message) {
  log.span(`handle ${message}`, () => parentPort.postMessage(`${message}, echoed`))
}
