import { AsyncLocalStorage } from 'node:async_hooks'
import { type Context, type ContextManager, ROOT_CONTEXT, trace } from '@opentelemetry/api'
import { currentTask, storage } from '../runtime/shared.ts'
import { bindEmitter, isEmitter } from './bind-emitter.ts'
import { isSilent, SUPPRESS, spanOfTask, taskOfContext } from './current.ts'

type AnyFunction = (...args: unknown[]) => unknown

/**
 * The current context of OpenTelemetry's API: its span is the one that is current in our task, whoever began it; what else such
 * a context holds (baggage …) has a storage of its own.
 */
export class BridgeContextManager implements ContextManager {
  readonly #contexts = new AsyncLocalStorage<Context>()

  active(): Context {
    const held = this.#contexts.getStore() ?? ROOT_CONTEXT
    const task = currentTask()
    if (isSilent(task)) return held.setValue(SUPPRESS, true)
    const span = task && spanOfTask(task)
    if (span === trace.getSpan(held)) return held
    return span === undefined ? trace.deleteSpan(held) : trace.setSpan(held, span)
  }

  with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    context: Context,
    fn: F,
    self?: ThisParameterType<F>,
    ...args: A
  ): ReturnType<F> {
    return this.#contexts.run(context, () => storage.run(taskOfContext(context), () => fn.apply(self, args)))
  }

  bind<T>(context: Context, target: T): T {
    if (typeof target === 'function') return this.#bindFunction(context, target as T & AnyFunction)
    return isEmitter(target) ? bindEmitter(target, fn => this.#bindFunction(context, fn)) : target
  }

  enable(): this {
    return this
  }

  disable(): this {
    return this
  }

  #bindFunction<F extends AnyFunction>(context: Context, fn: F): F {
    const manager = this
    const bound = function (this: unknown, ...args: unknown[]): unknown {
      return manager.with(context, () => fn.apply(this, args))
    }
    Object.defineProperty(bound, 'length', { configurable: true, value: fn.length })
    return bound as unknown as F
  }
}
