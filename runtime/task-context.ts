import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks'
import { contextFrames, type Frame, type Frames, frameWithout, LayeredFrame } from './context-frame.ts'
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
 * By the context frames of Node 24 and later, which the engine hands on: a task's frame lies over the one that its caller has, and is left
 * and entered again by exchanging it. Wherever the frame is not the one that was left there (the program entered another storage
 * meanwhile), the public interface does it, which leaves other storages as they are.
 */
export function framedContext(storage: AsyncLocalStorage<Task | undefined>, frames: Frames): TaskContext {
  // What the frame of Node's own that was asked last holds for us. Frames never change, so that the same one holds the same.
  let asked: Frame | undefined
  let answer: Task | undefined
  return {
    storage,
    current() {
      const frame = frames.current()
      if (frame instanceof LayeredFrame) return frame.store as Task
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
      const outer = frames.current()
      task.outerFrame = outer
      task.frame = new LayeredFrame(storage, task, frameWithout(outer, storage))
      frames.set(task.frame)
    },
    leave(task) {
      if (frames.current() === task.frame) frames.set(task.outerFrame)
      else storage.enterWith(task.outer)
    },
    reenter(task) {
      if (task.inside === task && frames.current() === task.outerFrame) frames.set(task.frame)
      else storage.enterWith(task.inside)
    },
  }
}

/** The fastest context that this Node has. */
export function taskContext(): TaskContext {
  const storage = new AsyncLocalStorage<Task | undefined>()
  const frames = contextFrames(storage as AsyncLocalStorage<unknown>, new AsyncLocalStorage<unknown>(), AsyncResource)
  return frames === undefined ? publicContext(storage) : framedContext(storage, frames)
}
