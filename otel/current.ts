import { type Context, createContextKey, type Span, trace } from '@opentelemetry/api'
import type { ActiveSpan } from '../runtime/active-span.ts'
import { SILENT_TASK } from '../runtime/off.ts'
import { currentTask } from '../runtime/shared.ts'
import { remoteTask } from '../runtime/span-context.ts'
import { SILENT, type Task } from '../runtime/task.ts'
import { BridgeSpan } from './bridge-span.ts'
import { toOurs, toTheirs } from './span-contexts.ts'

/** The key of `suppressTracing` of `@opentelemetry/core`: keys of one description are the same key. */
export const SUPPRESS: symbol = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING')

/** Spans by what they stand for, so that a span is the same object whenever it is asked for: a task's owner by the task. */
const spans = new WeakMap<Task | ActiveSpan, Span>()
/** The tasks of spans that are not `BridgeSpan`s. */
const tasks = new WeakMap<Span, Task | undefined>()

/** What is current in a task, as a span of theirs. */
export function spanOfTask(task: Task): Span {
  const { current, owner } = task
  const key = current === owner ? task : current
  let span = spans.get(key)
  if (span === undefined)
    spans.set(key, (span = task.remote === undefined ? new BridgeSpan(task, current, '') : remoteSpan(task)))
  return span
}

/** The span that a tracer has begun, whose own task this is. */
export function bridge(task: Task, scope: string): BridgeSpan {
  const span = new BridgeSpan(task, task.owner, scope)
  spans.set(task, span)
  return span
}

/** The owner of the task is elsewhere; what is current in it may be a function of here. */
function remoteSpan(task: Task): Span {
  if (task.current !== task.owner || task.remote === undefined) return new BridgeSpan(task, task.current, '')
  const span = trace.wrapSpanContext(toTheirs(task.remote, true))
  tasks.set(span, task)
  return span
}

/** A span that records nothing: what begins below it is below `parent`. */
export function silentSpan(parent: Span | undefined): Span {
  const span = trace.wrapSpanContext(parent?.spanContext() ?? NO_CONTEXT)
  tasks.set(span, parent && taskOfSpan(parent))
  return span
}

const NO_CONTEXT = { traceId: '0'.repeat(32), spanId: '0'.repeat(16), traceFlags: 0 }

/** The task in which what is below a span begins; undefined for one that is not valid. */
export function taskOfSpan(span: Span): Task | undefined {
  if (span instanceof BridgeSpan) return span.task
  if (tasks.has(span)) return tasks.get(span)
  const context = toOurs(span.spanContext())
  const task = context && remoteTask(context)
  tasks.set(span, task)
  return task
}

/** The task that a context of theirs stands for. */
export function taskOfContext(context: Context): Task | undefined {
  if (isSuppressed(context)) return SILENT_TASK
  const span = trace.getSpan(context)
  return span && taskOfSpan(span)
}

export function isSuppressed(context: Context): boolean {
  return context.getValue(SUPPRESS) === true
}

/** Whether the runtime itself is at work here, which nobody wants to see. */
export function isSilent(task: Task | undefined = currentTask()): boolean {
  return task?.ownerSerial === SILENT
}
