import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks'
import { type Frame, type FrameClass, frameClass } from './context-frame.ts'
import type { Task } from './task.ts'

/**
 * Where the current task is kept: an AsyncLocalStorage. A task is entered in place, without a callback, and its caller's context given
 * back in place; `current` is asked on every span.
 */
export interface TaskContext {
  readonly storage: AsyncLocalStorage<Task | undefined>
  current(): Task | undefined
  /** Makes `task` current, and keeps what `leave` gives back. */
  enter(task: Task): void
  /** Gives back the context that was there before `enter`. */
  leave(task: Task): void
  /** Makes current, after `leave`, what the task's body runs in. */
  reenter(task: Task): void
  /** Keeps nothing of contexts that have been current. */
  forget(): void
}

/** Of maps, whatever the program makes of them. */
const forEach = Map.prototype.forEach as (
  this: Frame,
  each: (this: Frame, value: unknown, key: unknown) => void,
  self: Frame,
) => void
const set = Map.prototype.set as (this: Frame, key: unknown, value: unknown) => unknown

/** By the public interface alone: right everywhere, and dear since Node 24, where each `enterWith` copies a Map. */
export function publicContext(storage: AsyncLocalStorage<Task | undefined>): TaskContext {
  return {
    storage,
    current: () => storage.getStore(),
    enter: task => storage.enterWith(task),
    leave: task => storage.enterWith(task.outer),
    reenter: task => storage.enterWith(task.inside),
    forget() {},
  }
}

/**
 * By the context frames of Node 24 and later, each a Map from storages to stores that the engine hands on: a frame is
 * made once a task, and left and entered again by exchanging it. Wherever the frame is not the one that was left there (the
 * program entered another storage meanwhile), the public interface does it, which leaves other storages as they are.
 */
export function framedContext(storage: AsyncLocalStorage<Task | undefined>, Frames: FrameClass): TaskContext {
  // What the frame that was asked last holds for us. Frames never change, so that the same one holds the same.
  let asked: Frame | undefined
  let answer: Task | undefined
  function addOther(this: Frame, value: unknown, key: unknown): void {
    if (key !== storage) set.call(this, key, value)
  }
  return {
    storage,
    current() {
      const frame = Frames.current()
      if (frame === asked) return answer
      answer = frame?.get(storage) as Task | undefined
      asked = frame
      return answer
    },
    forget() {
      asked = undefined
      answer = undefined
    },
    enter(task) {
      const outer = Frames.current()
      task.outerFrame = outer
      // Node would copy what is current through iterators that are proof against the program: five times the price.
      if (outer !== undefined) Frames.set(undefined)
      const frame = new Frames(storage, task)
      if (outer !== undefined && (outer.size > 1 || task.outer === undefined)) forEach.call(outer, addOther, frame)
      Frames.set(frame)
      task.frame = frame
    },
    leave(task) {
      if (Frames.current() === task.frame) Frames.set(task.outerFrame)
      else storage.enterWith(task.outer)
    },
    reenter(task) {
      if (task.inside === task && Frames.current() === task.outerFrame) Frames.set(task.frame)
      else storage.enterWith(task.inside)
    },
  }
}

/** The fastest context that this Node has. */
export function taskContext(): TaskContext {
  const storage = new AsyncLocalStorage<Task | undefined>()
  const Frames = frameClass(storage as AsyncLocalStorage<unknown>, AsyncResource)
  return Frames === undefined ? publicContext(storage) : framedContext(storage, Frames)
}
