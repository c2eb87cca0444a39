// What generated programs call by `$`-names; never traced, and the same for both styles.
import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks'
import { EventEmitter } from 'node:events'

export const $emitter = new EventEmitter().setMaxListeners(0)
export const $other = new AsyncLocalStorage()
export const $bind = fn => AsyncResource.bind(fn)

const jobs = []
/** A pool of bound callbacks, which whoever comes by runs on its own stack. */
export const $jobs = {
  push(run) {
    const job = { run, ready: false }
    jobs.push(job)
    // In a later turn, so that what started the job has left the stack, in whichever order things happen.
    setImmediate(() => {
      job.ready = true
    })
  },
}
export const $runJob = () => {
  if (jobs[0]?.ready) jobs.shift().run()
}
export const $sleep = ms => new Promise(done => setTimeout(done, ms))
export const $reject = async id => {
  await null
  throw new Error(id)
}
export const $quiet = value => (value instanceof Promise ? value.catch(() => {}) : value)
export const $try = fn => {
  try {
    return fn()
  } catch {
    return undefined
  }
}
export async function* $stream(count) {
  for (let i = 0; i < count; i++) yield i
}
export function* $steps(count) {
  for (let i = 0; i < count; i++) yield i
}
/** Takes `limit` values, then closes the generator; 0 takes all. */
export function $drain(generator, limit) {
  let count = 0
  for (const _ of generator) if (++count === limit) break
  return count
}
export async function $drainAsync(generator, limit) {
  let count = 0
  for await (const _ of generator) if (++count === limit) break
  return count
}
/** Every program calls these to the end of its branches. */
export const $leaf = () => {}
/** Waits until nothing is left to run: longer than any timer of the programs, as long as jobs still come. */
export const $settle = async () => {
  // Chains of timers are at most some thirty milliseconds long; on a busy machine they take their time.
  for (let quiet = 0; quiet < 3; quiet++) {
    await $sleep(40)
    if (jobs.length > 0) quiet = -1
    while (jobs[0]?.ready) $runJob()
  }
}
