import type { TraceIdentity } from './active-trace.ts'
import { Collector } from './collector.ts'
import type { Exporter } from './exporters/exporter.ts'
import type { Recorder } from './exporters/recorder.ts'
import type { HttpRules } from './linking/http-settings.ts'
import type { Origin as ProcessOrigin, Tags } from './tags.ts'
import { type TaskContext, taskContext } from './task-context.ts'

/** Where an error was recorded: enough to refer to it, and nothing that would keep a tree as long as the error. */
export interface Origin {
  readonly identity: TraceIdentity
  readonly serial: number
  /** The span that recorded it is not in the tree any more. */
  lost?: boolean
}

/** Set by the modules named, when they load: what injected code imports is not to grow by them. */
interface Extras {
  /** `exporters/http.ts`: makes the exporter of a receiver's URL. */
  receiver?: (url: string) => Exporter
  /** `store/exporter.ts`: makes the exporter of a store's file. */
  store?: (file: string) => Exporter
  /** `exporters/otlp.ts`: makes the exporter of a collector's URL, or of what OpenTelemetry's variables say. */
  otlp?: (endpoint: string | undefined) => Exporter
  /** `tags.ts`: what lines of JSON say of the process. */
  lineFields?: () => object | undefined
  /** `tags.ts`: the tags that somebody has set, and what came of them. */
  tags?: Tags
  origin?: ProcessOrigin | undefined
  /** `health.ts`: what is known of the runtime, as text. */
  report?: () => string
  /** `linking/queues.ts`: what a queue within this thread is to call in place of a task. */
  enqueued?: <T>(task: T) => T
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
  /** What not every program needs, as far as it is loaded. */
  readonly extras: Extras
  /** What becomes of HTTP requests, where somebody has said so. */
  http?: HttpRules | undefined
}

/**
 * The state of the runtime, one a process however many copies of this module are loaded (bundled twice, as a
 * dependency of two packages): the first to load makes it, the others find it. The number is that of its layout.
 */
const KEY = Symbol.for('span-tree.runtime.2')

const registry = globalThis as { [KEY]?: Shared }

function make(): Shared {
  const context = taskContext()
  const collector = new Collector()
  // With a context all that the program keeps in it would stay.
  collector.beforeDrain.push(context.forget)
  return {
    context,
    collector,
    origins: new WeakMap(),
    manualSpans: new WeakSet(),
    recorder: undefined,
    configured: false,
    extras: {},
  }
}

export const shared: Shared = (registry[KEY] ??= make())

export const context: TaskContext = shared.context
export const storage: TaskContext['storage'] = context.storage
export const currentTask: TaskContext['current'] = context.current
export const collector: Shared['collector'] = shared.collector
