import { type ActiveSpan, detailsOf, FAILED } from './active-span.ts'
import type { TraceIdentity } from './active-trace.ts'
import { captureArguments } from './capture.ts'
import { serialOf } from './span-id.ts'

/** Where an error was recorded: enough to refer to it, and nothing that would keep a tree as long as the error. */
interface Origin {
  readonly identity: TraceIdentity
  readonly serial: number
}

const origins = new WeakMap<object, Origin>()

/**
 * Marks a span as failed. The error is recorded once, in the first span that it leaves, with that function's
 * parameters as they are now; spans that it crosses afterwards refer to that one. Never throws.
 */
export function recordFailure(span: ActiveSpan, error: unknown, parameters: readonly unknown[] | undefined): void {
  span.status = FAILED
  const details = detailsOf(span)
  details.hasError = true
  details.error = error
  details.level ??= 'error'
  const known = originOf(span, error)
  details.origin = known ?? serialOf(span)
  if (known !== undefined) return
  remember(span, error)
  if (parameters !== undefined) details.arguments = captureArguments(span.site.parameters, parameters)
}

function originOf(span: ActiveSpan, error: unknown): number | undefined {
  if (isObject(error)) {
    const origin = origins.get(error)
    return origin?.identity === span.trace.identity ? origin.serial : undefined
  }
  // Equal values need not be the same throw: only one that was thrown below can have come up here.
  const origin = span.trace.primitives?.get(error)
  for (let at = origin?.parent; at; at = at.parent) if (at === span) return origin?.serial
  return undefined
}

function remember(span: ActiveSpan, error: unknown): void {
  if (isObject(error)) origins.set(error, { identity: span.trace.identity, serial: serialOf(span) })
  else (span.trace.primitives ??= new Map()).set(error, span)
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}
