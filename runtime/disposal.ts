import { resume, suspend } from './async-function.ts'
import { GeneratorFrame, proceed } from './generator-function.ts'
import { storage } from './shared.ts'
import { LEFT, type Task } from './task.ts'

/** For `using _ = resumer(f)`, declared behind a resource, so disposed before it: the resource is released with the span current. */
export function resumer(frame: Task | GeneratorFrame): Disposable {
  return {
    [Symbol.dispose](): void {
      if (frame instanceof GeneratorFrame) proceed(frame)
      else if (frame.state === LEFT) storage.enterWith(frame.inside)
      else resume(frame)
    },
  }
}

/**
 * For `await using _ = disposer(f, resource)` in place of the resource itself: its disposal suspends the function where no
 * `await` can be seen. What is no resource goes to the engine as it is, to be refused by it.
 */
export function disposer(frame: Task, resource: unknown): unknown {
  if (resource === null || resource === undefined) return resource
  const methods = resource as { [key: symbol]: unknown }
  const method = methods[Symbol.asyncDispose]
  if (typeof method === 'function') {
    return { [Symbol.asyncDispose]: () => suspend(frame, Reflect.apply(method, resource, [])) }
  }
  if (method !== undefined && method !== null) return resource
  const sync = methods[Symbol.dispose]
  if (typeof sync !== 'function') return resource
  return { [Symbol.dispose]: () => suspend(frame, Reflect.apply(sync, resource, [])) }
}
