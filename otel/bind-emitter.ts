import { EventEmitter } from 'node:events'

type Listener = ((...args: unknown[]) => unknown) & { listener?: unknown }
type Bind = <F extends Listener>(fn: F) => F
type Add = (event: string | symbol, listener: Listener) => unknown
type Emitter = Record<'on' | 'addListener' | 'prependListener', Add>

/** Emitters whose listeners are bound already: the first context stays. */
const bound = new WeakSet<object>()

export function isEmitter(target: unknown): target is object {
  return target instanceof EventEmitter
}

/** Binds the listeners that are added to an emitter from now on. */
export function bindEmitter<T extends object>(target: T, bind: Bind): T {
  if (bound.has(target)) return target
  bound.add(target)
  const emitter = target as unknown as Emitter
  const { on, addListener, prependListener } = emitter
  const lasts =
    (add: Add): Add =>
    (event, listener) =>
      add.call(target, event, lasting(listener, bind))
  const passes =
    (add: Add): Add =>
    (event, listener) =>
      add.call(target, event, fleeting(target, event, listener, bind))
  Object.assign(emitter, {
    on: lasts(on),
    addListener: lasts(addListener),
    prependListener: lasts(prependListener),
    once: passes(on),
    prependOnceListener: passes(prependListener),
  })
  return target
}

/** Node finds a listener that is to be removed by `listener` of what was added in its place. */
function lasting(listener: Listener, bind: Bind): Listener {
  return Object.assign(bind(listener), { listener: listener.listener ?? listener })
}

/** Node's own `once` would call the emitter's `on`, which binds again. */
function fleeting(target: object, event: string | symbol, listener: Listener, bind: Bind): Listener {
  const run = bind(listener)
  const wrapper: Listener = function (this: unknown, ...args) {
    EventEmitter.prototype.removeListener.call(target as EventEmitter, event, wrapper)
    return run.apply(this, args)
  }
  return Object.assign(wrapper, { listener })
}
