import type { TraceIdentity } from './active-trace.ts'
import { Collector } from './collector.ts'
import type { Recorder } from './exporters/recorder.ts'
import { type TaskContext, taskContext } from './task-context.ts'

/** Where an error was recorded: enough to refer to it, and nothing that would keep a tree as long as the error. */
export interface Origin {
  readonly identity: TraceIdentity
  readonly serial: number
  /** The span that recorded it is not in the tree any more. */
  lost?: boolean
}

interface Shared {
  readonly context: TaskContext
  readonly collector: Collector
  /** Errors, by where they were recorded first. */
  readonly origins: WeakMap<object, Origin>
  /** Every span begun by hand, by which a copy knows those of another one. */
  readonly manualSpans: WeakSet<object>
  /** The recorder of this process, when somebody has asked for it. */
  recorder: Recorder | undefined
  /** Whether somebody has said what becomes of traces. */
  configured: boolean
}

/**
 * The state of the runtime, one a process however many copies of this module are loaded (bundled twice, as a
 * dependency of two packages): the first to load makes it, the others find it. The number is that of its layout.
 */
const KEY = Symbol.for('span-tree.runtime.2')

const registry = globalThis as { [KEY]?: Shared }

export const shared: Shared = (registry[KEY] ??= {
  context: taskContext(),
  collector: new Collector(),
  origins: new WeakMap(),
  manualSpans: new WeakSet(),
  recorder: undefined,
  configured: false,
})

export const context: TaskContext = shared.context
export const storage: TaskContext['storage'] = context.storage
export const currentTask: TaskContext['current'] = context.current
export const collector: Shared['collector'] = shared.collector
