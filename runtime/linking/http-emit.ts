import type { IncomingMessage, ServerResponse } from 'node:http'
import { isRunning } from '../active-span.ts'
import { context, currentTask, storage } from '../shared.ts'
import type { Task } from '../task.ts'
import { served, taskOfRequest, upgraded } from './http-server.ts'

type Emitter = { listenerCount(event: unknown): number }
export type Emit = (this: object, ...parameters: unknown[]) => boolean

/**
 * Node reads bodies, and tells of a response's end, in the context of the connection, which knows of no request: since Node 24 it is that
 * of `listen`, before that of the request that came last. So `data`, `end`, `finish`, `close` are emitted in the request's own, by an `emit`
 * on Node's two prototypes. There is no listener that the program could count, and none whose order could matter.
 */
export function linkMessages(request: { prototype: object }, response: { prototype: object }): void {
  emitInTask(request.prototype, taskOfRequest)
  emitInTask(
    response.prototype,
    self => taskOfRequest((self as ServerResponse).req),
    (task, self) => served(task, (self as ServerResponse).req, self as ServerResponse),
  )
}

/**
 * What has a task emits in it. `ended`: is told after `close`. Parameters are only ever handed on: most events have no listener, and the
 * engine makes no array of them then.
 */
export function emitInTask(
  prototype: object,
  taskOf: (self: object) => Task | undefined,
  ended?: (task: Task, self: object) => void,
): void {
  replaceEmit(prototype, original => {
    function inTask(this: object, ...parameters: unknown[]): boolean {
      const task = taskOf(this) as Task
      if (!isRunning(task.owner) || currentTask() !== task.outer)
        return storage.run(task, Reflect.apply<object, unknown[], boolean>, original, this, parameters)
      // The same exchange of contexts as an async function's, which since Node 24 costs a fraction of `run`.
      context.reenter(task)
      try {
        return Reflect.apply(original, this, parameters)
      } finally {
        context.leave(task)
      }
    }
    function last(this: object, ...parameters: unknown[]): boolean {
      const task = taskOf(this) as Task
      try {
        return Reflect.apply(isElsewhere(task, this, 'close') ? inTask : original, this, parameters)
      } finally {
        ended?.(task, this)
      }
    }
    return function emit(this: object, ...parameters) {
      const event = parameters[0]
      const task = taskOf(this)
      if (task === undefined) return Reflect.apply(original, this, parameters)
      if (event === 'close') return Reflect.apply(last, this, parameters)
      return Reflect.apply(isElsewhere(task, this, event) ? inTask : original, this, parameters)
    }
  })
}

/** Upgrades have no channel; only servers that somebody asks for upgrades get an `emit`. */
export function linkUpgrades(server: object): void {
  if (Object.hasOwn(server, 'emit')) return
  replaceEmit(
    server,
    original =>
      function emit(this: object, ...parameters) {
        const [event, request] = parameters
        const all = (): boolean => Reflect.apply(original, this, parameters)
        return event === 'upgrade' || event === 'connect' ? upgraded(request as IncomingMessage, all) : all()
      },
  )
}

export function replaceEmit(target: object, make: (original: Emit) => Emit): void {
  const original = (target as { emit: Emit }).emit
  const value = make(original)
  Object.defineProperty(value, 'length', { value: original.length })
  Object.defineProperty(target, 'emit', { value, writable: true, configurable: true, enumerable: false })
}

/**
 * Nothing is done where nobody listens, which is so for most events, nor where the trace is the current one: then somebody knows better who is
 * at work.
 */
function isElsewhere(task: Task, emitter: object, event: unknown): boolean {
  if ((emitter as Emitter).listenerCount(event) === 0) return false
  const outer = currentTask()
  return outer === undefined || !sameTrace(outer, task)
}

function sameTrace(a: Task, b: Task): boolean {
  return a === b || (a.buried ?? a.current.trace?.identity) === (b.buried ?? b.current.trace?.identity)
}
