import { types } from 'node:util'
import { ActiveSpan, detailsOf } from './active-span.ts'
import { captureArguments } from './capture.ts'
import type { GeneratorFrame } from './generator-function.ts'
import { OFF_SPAN } from './off.ts'
import { withoutPaths } from './redact.ts'
import { Task } from './task.ts'

/** The attribute, and what paths of redaction begin with. */
const NAME = 'result'

/**
 * Records what a function is about to return, as the span's attribute `result`; for functions of which that is asked.
 * What a promise is fulfilled with that an async function returns `settle` records. Returns `value`. Never throws.
 */
export function result<T>(frame: ActiveSpan | Task | GeneratorFrame, value: T): T {
  const span = spanOf(frame)
  if (span === OFF_SPAN) return value
  if (!(frame instanceof Task && types.isPromise(value))) keepResult(span, value)
  return value
}

/** Records what the span's function has returned. Never throws. */
export function keepResult(span: ActiveSpan, value: unknown): void {
  try {
    const result = withoutPaths(captureArguments([NAME], [value]), span.site.options.redact)
    detailsOf(span).attributes = { ...detailsOf(span).attributes, ...result }
  } catch {
    // The stack may be as good as full; the value is what matters.
  }
}

function spanOf(frame: ActiveSpan | Task | GeneratorFrame): ActiveSpan {
  if (frame instanceof ActiveSpan) return frame
  return frame instanceof Task ? frame.owner : frame.span
}
