import { type Level, severity } from '../model/index.ts'
import { type ActiveSpan, detailsOf, FAILED } from './active-span.ts'
import { captureArguments } from './capture.ts'
import { withoutPaths } from './redact.ts'
import { shared } from './shared.ts'
import { serialOf } from './span-id.ts'

/**
 * Marks a span as failed. The error is recorded once, in the first span that it leaves, with that function's
 * parameters as they are now; spans that it crosses afterwards refer to that one. Never throws.
 */
export function recordFailure(span: ActiveSpan, error: unknown, parameters: readonly unknown[] | undefined): void {
  if (!span.trace.sampled) return
  span.status = FAILED
  span.trace.failed = true
  try {
    record(span, error, parameters)
  } catch {
    // The stack may be as good as full; the program's own error is what has to go on.
  }
}

function record(span: ActiveSpan, error: unknown, parameters: readonly unknown[] | undefined): void {
  const details = detailsOf(span)
  details.level = failedLevel(details.level ?? span.site.options.level)
  const known = originOf(span, error)
  details.origin = known ?? serialOf(span)
  details.error = error
  details.hasError = true
  if (known !== undefined) return
  remember(span, error)
  if (parameters === undefined) return
  const { parameters: names, options } = span.site
  details.arguments = withoutPaths(captureArguments(names, parameters), options.redact)
}

/** At least `error`. */
function failedLevel(level: Level = 'info'): Level {
  return severity(level) < severity('error') ? 'error' : level
}

function originOf(span: ActiveSpan, error: unknown): number | undefined {
  if (isObject(error)) {
    const origin = shared.origins.get(error)
    return origin?.identity === span.trace.identity && !origin.lost ? origin.serial : undefined
  }
  // Equal values need not be the same throw: only one that was thrown below can have come up here.
  const origin = span.trace.primitives?.get(error)
  for (let at = origin?.parent; at; at = at.parent) if (at === span) return origin?.serial
  return undefined
}

function remember(span: ActiveSpan, error: unknown): void {
  if (isObject(error)) shared.origins.set(error, { identity: span.trace.identity, serial: serialOf(span) })
  else (span.trace.primitives ??= new Map()).set(error, span)
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}
