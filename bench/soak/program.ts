/** What the soak does over and over: everything that a trace can hold. It is instrumented when it is loaded. */
import { AsyncResource } from 'node:async_hooks'
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { getLogger } from 'span-tree'

const logger = getLogger('soak')
const REQUESTS = Array.from({ length: 20 }, (_, i) => i)

function leaf(n: number): number {
  return (n * 31) ^ (n >> 3)
}

function failing(order: { readonly id: number; readonly token: string }): never {
  throw new RangeError(`no order ${order.id % 10}`)
}

async function step(n: number): Promise<number> {
  await null
  return leaf(n)
}

function* counted(n: number): Generator<number> {
  for (let i = 0; i < n; i++) yield leaf(i)
}

async function* streamed(n: number): AsyncGenerator<number> {
  for (let i = 0; i < n; i++) yield await step(i)
}

/** A few hundred calls of one function below one parent. */
function hotLoop(): number {
  let sum = 0
  for (let i = 0; i < 400; i++) sum += leaf(i)
  return sum
}

async function request(id: number): Promise<number> {
  logger.extra({ id })
  logger.info('picked up', { id })
  const sums = await Promise.all([step(id), step(id + 1), logger.span('by hand', () => step(id + 2))])
  for (const n of counted(3)) leaf(n)
  for await (const n of streamed(3)) leaf(n)
  try {
    failing({ id, token: 'secret' })
  } catch (error) {
    if (id % 50 === 0) logger.exception(error)
  }
  return sums.reduce((a, b) => a + b, id % 10 === 0 ? hotLoop() : 0)
}

/** Goes on when its trace is exported, and then calls more. */
async function forgetful(id: number): Promise<void> {
  setTimeout(() => void step(id), 2)
  const kept = new AsyncResource('soak')
  setTimeout(() => kept.runInAsyncScope(() => leaf(id)), 4)
}

async function rejected(id: number): Promise<void> {
  await step(id)
  failing({ id, token: 'secret' })
}

/** Answers its one message, and ends. */
const WORKER = `
const { parentPort } = require('node:worker_threads')
parentPort.once('message', n => parentPort.postMessage(n + 1))`

async function threaded(id: number): Promise<number> {
  const worker = new Worker(WORKER, { eval: true })
  const ended = once(worker, 'exit')
  worker.postMessage(id)
  const [answer] = (await once(worker, 'message')) as [number]
  await ended
  return answer
}

/**
 * Round number `n`; each request is a trace of its own.
 * @noSpan
 */
export async function round(n: number): Promise<void> {
  await Promise.all(REQUESTS.map(i => request(n * REQUESTS.length + i)))
  await forgetful(n)
  await rejected(n).catch(() => {})
  if (n % 200 === 0) await threaded(n)
}
