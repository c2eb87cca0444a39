// Workers and forked processes that answer: a question is a span below the one that asks, the answer's handler one below that.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { spanned } from './tree.mjs'

const file = new URL('relay.mjs', import.meta.url)
const waiting = new Map()

/** What to wait for until an answer to `id` has come. */
const answerTo = id => new Promise(done => waiting.set(id, done))

/** Makes a worker, or a process, that says it was made in the span `parent`, with `depth` workers below one another. */
export async function open(kind, id, parent, depth) {
  const data = { id, parent, depth }
  const end = kind === 'worker' ? new Worker(file, { workerData: data }) : fork(file.pathname, [JSON.stringify(data)])
  end.on('message', ({ asked, id, parent }) => {
    spanned(id, parent, () => {})
    waiting.get(asked)()
  })
  await answerTo(id)
  return end
}

/** Asks it, and waits for the answer. */
export async function ask(end, id, parent, ms) {
  const answer = answerTo(id)
  post(end, { id, parent, ms })
  await answer
}

export async function close(end) {
  const exit = once(end, 'exit')
  post(end, 'close')
  await exit
}

const post = (end, message) => (end instanceof Worker ? end.postMessage(message) : end.send(message))
