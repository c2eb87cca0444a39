// The oracle: one `AsyncLocalStorage.run` a call, and nothing cleverer.
import { AsyncLocalStorage } from 'node:async_hooks'

const storage = new AsyncLocalStorage()

/** Calls as the oracle sees them: id → `{ parent, task, sync }`, ids all but the last. */
export const calls = new Map()

/**
 * A call, with the task that it runs in. Work that a synchronous call started and that comes after it belongs to the
 * task (docs/context.md), so such a call is a parent only while it is on the stack.
 */
class Call {
  constructor(id, kind) {
    const store = storage.getStore()
    const parent = store && (store.call.running || store.call.ownsTask ? store.call : store.task)
    this.id = id
    this.ownsTask = parent === undefined || kind.startsWith('async')
    this.running = false
    calls.set(id, { parent: parent?.id, task: store?.task.id, sync: !this.ownsTask })
  }

  run(fn) {
    if (this.ownsTask) return storage.run({ call: this, task: this }, fn)
    this.running = true
    try {
      return storage.run({ call: this, task: storage.getStore()?.task ?? this }, fn)
    } finally {
      this.running = false
    }
  }
}

export function call(id, kind, fn) {
  return new Call(id, kind).run(fn)
}

/** An iterator whose steps each run as the generator's call, which begins with the first. */
export function steps(id, kind, generator) {
  let self
  const step = name => value => (self ??= new Call(id, kind)).run(() => generator[name](value))
  const first = { next: step('next'), return: step('return'), throw: step('throw') }
  return { ...first, [kind === 'generator' ? Symbol.iterator : Symbol.asyncIterator]: () => first }
}

export const $id = () => {}
