import type { SpanContext } from '../model/index.ts'
import { type ActiveSpan, detailsOf } from './active-span.ts'
import { TraceIdentity } from './active-trace.ts'
import { now } from './clock.ts'
import { BURIED_SPAN, UNSAMPLED_SPAN } from './off.ts'
import { collector, currentTask } from './shared.ts'
import { idOfSerial, spanId } from './span-id.ts'
import { SILENT, Task } from './task.ts'

/** What is current here, for whoever goes on from it elsewhere; undefined outside any span, and while tracing is off. */
export function currentSpanContext(): SpanContext | undefined {
  if (!collector.enabled) return undefined
  const task = currentTask()
  return task === undefined || task.ownerSerial === SILENT ? undefined : spanContextOfTask(task)
}

/** The context of the span that is current in `task`. */
export function spanContextOfTask(task: Task): SpanContext {
  const { buried, current, remote } = task
  if (remote !== undefined && current === standIn(remote)) return remote
  // Something may have begun in it since: then that is current.
  if (buried !== undefined && current === BURIED_SPAN) return contextOf(buried, idOfSerial(task.ownerSerial), true)
  return contextOfSpan(current)
}

/** The context of a span that is being made. */
export function contextOfSpan(span: ActiveSpan): SpanContext {
  detailsOf(span).exposed = true
  return contextOf(span.trace.identity, spanId(span), span.trace.sampled)
}

/** A task in which everything that begins is below a span of another thread, process or service. */
export function remoteTask(context: SpanContext): Task {
  const task = new Task(standIn(context), undefined)
  task.buried = new TraceIdentity(now(), context.traceId, context.traceState)
  task.remote = context
  return task
}

function standIn({ sampled }: SpanContext): typeof BURIED_SPAN {
  return sampled ? BURIED_SPAN : UNSAMPLED_SPAN
}

function contextOf(identity: TraceIdentity, spanId: string, sampled: boolean): SpanContext {
  const { id, traceState } = identity
  return { traceId: id, spanId, sampled, ...(traceState !== undefined && { traceState }) }
}
