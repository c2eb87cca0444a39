import { resume, suspend } from './async-function.ts'
import { GeneratorFrame, proceed } from './generator-function.ts'
import { OFF_TASK } from './off.ts'
import { storage } from './shared.ts'
import { standIn } from './stand-in.ts'
import { LEFT, type Task } from './task.ts'
import { type Then, unseenOnce } from './unseen-call.ts'

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

/** The engine takes a resource's synchronous method where there is no other. */
const ASYNC_FIRST: readonly symbol[] = [Symbol.asyncDispose, Symbol.dispose]

/**
 * For `await using _ = disposer(f, resource)` in place of the resource itself: its disposal suspends the function where no
 * `await` can be seen.
 */
export function disposer(frame: Task, resource: unknown): unknown {
  if (frame === OFF_TASK) return resource
  const suspended: Then = result => suspend(frame, result)
  return standIn(resource, ASYNC_FIRST, method => unseenOnce(method, resource, suspended))
}
