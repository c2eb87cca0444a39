import { AsyncResource } from 'node:async_hooks'
import { SILENT_TASK } from './off.ts'
import { storage } from './shared.ts'

// What is begun here must not keep the context of whoever happened to be running.
const outside = new AsyncResource('span-tree')

/**
 * Runs `fn`, and all that it awaits and starts, outside of every trace: no span is made in it, and no header passes one on. For
 * what the runtime itself does, like sending traces.
 */
export function untraced<T>(fn: () => T): T {
  return outside.runInAsyncScope(() => storage.run(SILENT_TASK, fn))
}
