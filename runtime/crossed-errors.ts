import { type ErrorReference, type Span, spansOf } from '../model/index.ts'
import { referenceTo } from './error-record.ts'

type Draft = { -readonly [K in keyof Span]: Span[K] }

/**
 * An error that crosses from one thread to another arrives as a copy, which is recorded where it arrives as if it were new. By its
 * traceback it is known again: the record stays where it was thrown, and those above refer to it. `spans`: all of a tree, by id;
 * `roots`: of what other threads did in it.
 */
export function joinErrors(spans: ReadonlyMap<string, Span>, roots: readonly Span[]): void {
  const origins = new Map<string, string>()
  for (const root of roots) for (const [id, origin] of copiesAbove(root, spans)) origins.set(id, origin)
  if (origins.size === 0) return
  for (const span of spans.values()) refer(span, origins)
}

/** Spans above a root that hold copies of errors below it, with the spans that these were thrown in. */
function copiesAbove(root: Span, spans: ReadonlyMap<string, Span>): Map<string, string> {
  const copies = new Map<string, string>()
  const thrown = thrownIn(root)
  if (thrown.size === 0) return copies
  for (let above = parentOf(root, spans); above !== undefined; above = parentOf(above, spans)) {
    const { exitError } = above
    const origin = exitError?.kind === 'error' && exitError.stack !== undefined && thrown.get(exitError.stack)
    if (origin) copies.set(above.id, origin)
  }
  return copies
}

/** Of the records below, and in, a span: where they are, by their tracebacks. */
function thrownIn(root: Span): Map<string, string> {
  const thrown = new Map<string, string>()
  for (const { span } of spansOf(root)) {
    const { id, exitError } = span
    if (exitError?.kind === 'error' && exitError.stack !== undefined) thrown.set(exitError.stack, id)
  }
  return thrown
}

function parentOf({ parentId }: Span, spans: ReadonlyMap<string, Span>): Span | undefined {
  return parentId === undefined ? undefined : spans.get(parentId)
}

function refer(span: Draft, origins: ReadonlyMap<string, string>): void {
  const { exitError, handledErrors } = span
  const origin = origins.get(span.id)
  if (exitError !== undefined && origin !== undefined) {
    span.exitError = referenceTo(origin, exitError.type, exitError.message)
  } else if (exitError?.kind === 'reference') span.exitError = moved(exitError, origins)
  if (handledErrors.length > 0) span.handledErrors = handledErrors.map(each => moved(each, origins))
}

function moved(reference: ErrorReference, origins: ReadonlyMap<string, string>): ErrorReference {
  const origin = origins.get(reference.spanId)
  return origin === undefined ? reference : { ...reference, spanId: origin }
}
