import type { SpanContext } from '../../model/index.ts'
import { collector, currentTask } from '../shared.ts'
import { currentSpanContext } from '../span-context.ts'

/** The current span, for another thread to go on from; its trace waits for no thread, but takes in what comes before its export. */
export function handOut(): SpanContext | undefined {
  const context = currentSpanContext()
  const trace = context && currentTask()?.current.trace
  if (trace !== undefined && !trace.complete) collector.expect(trace.identity)
  return context
}
