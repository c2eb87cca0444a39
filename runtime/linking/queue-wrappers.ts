/**
 * What the modules of queues are changed to export (`model/queue-modules.ts`). Most programs with such a queue are not traced: this loads
 * nothing of the runtime, and looks for it whenever something is enqueued.
 */
import { link } from './registry.ts'

type Call = (this: unknown, ...parameters: unknown[]) => unknown
type Enqueued = <T>(task: T) => T

const RUNTIME = Symbol.for('span-tree.runtime.2')

function enqueued<T>(task: T): T {
  const shared = (globalThis as { [RUNTIME]?: { extras: { enqueued?: Enqueued } } })[RUNTIME]
  return shared?.extras.enqueued?.(task) ?? task
}

/** Calls it with something else in place of the parameter that is a task. */
function withTask<F extends Call>(fn: F, at: number): F {
  return new Proxy(fn, {
    apply(fn, self, parameters) {
      if (at in parameters) parameters[at] = enqueued(parameters[at])
      return Reflect.apply(fn, self, parameters)
    },
  })
}

/** p-limit: what it makes calls its first parameter, and so does `map` its second. */
export function limiter<F extends Call>(limit: F): F {
  link('p-limit', () => {})
  return new Proxy(limit, { apply: (make, self, parameters) => linked(Reflect.apply(make, self, parameters)) })
}

function linked(limit: unknown): unknown {
  if (typeof limit !== 'function') return limit
  const descriptors = Object.getOwnPropertyDescriptors(limit) as Record<string, PropertyDescriptor>
  const { map } = descriptors
  // A proxy of `limit` itself could not answer with another `map`, which is not configurable.
  if (typeof map?.value === 'function') descriptors['map'] = { ...map, value: withTask(map.value, 1) }
  const replacement: Call = (task, ...rest) => limit(enqueued(task), ...rest)
  return Object.defineProperties(replacement, descriptors)
}

/** p-queue: whatever enqueues does it by `add`. */
export function queue<C extends { prototype: { add?: Call } }>(Queue: C): void {
  const { add } = Queue.prototype
  if (typeof add !== 'function') return
  link('p-queue', () => {})
  Queue.prototype.add = withTask(add, 0)
}
