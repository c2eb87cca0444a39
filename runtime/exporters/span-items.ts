import type { ErrorRecord, ErrorReference, Message, Span } from '../../model/index.ts'
import { type Eventful, MIN_GROUP, runEnd } from './sibling-groups.ts'

/** What hangs below a span in a printed tree. */
export type Item =
  | { readonly kind: 'span'; readonly span: Span; readonly slowestOf?: number }
  | { readonly kind: 'group'; readonly spans: readonly Span[] }
  | { readonly kind: 'message'; readonly message: Message }
  /** Calls that were too short to be kept. */
  | { readonly kind: 'dropped'; readonly count: number }
  | { readonly kind: 'handled'; readonly error: ErrorReference }
  | { readonly kind: 'error'; readonly error: ErrorRecord | ErrorReference; readonly span: Span }

/**
 * What happened in the span, in the order of time: children at their start, messages between them, errors that it
 * survived behind the child that they left, and last the error that left itself. Siblings of one site that are
 * not eventful share an item; without `eventful`, each has its own.
 */
export function itemsOf(span: Span, eventful?: Eventful): Item[] {
  const items: Item[] = []
  const handled = new Set(span.handledErrors)
  for (const item of inTime(span, eventful)) {
    items.push(item)
    if (item.kind === 'span') items.push(...handledFrom(item.span, handled))
  }
  if (span.dropped) items.push({ kind: 'dropped', count: span.dropped })
  for (const error of handled) items.push({ kind: 'handled', error })
  if (span.exitError) items.push({ kind: 'error', error: span.exitError, span })
  return items
}

function* inTime(span: Span, eventful?: Eventful): Generator<Item> {
  const { children, messages } = span
  let m = 0
  for (let c = 0; c < children.length; ) {
    const child = children[c]!
    for (; m < messages.length && messages[m]!.time <= child.startTime; m++) {
      yield { kind: 'message', message: messages[m]! }
    }
    const spans = children.slice(c, eventful ? runEnd(children, c, eventful, messages[m]?.time) : c + 1)
    c += spans.length
    yield* eventful ? asItems(spans) : spans.map((span): Item => ({ kind: 'span', span }))
  }
  for (; m < messages.length; m++) yield { kind: 'message', message: messages[m]! }
}

/** Siblings of one site: one item when there are enough of them, or when one stands for many. */
export function asItems(spans: readonly Span[]): Item[] {
  return spans.length >= MIN_GROUP || spans[0]?.calls
    ? [{ kind: 'group', spans }]
    : spans.map(span => ({ kind: 'span', span }))
}

/** The errors that left `child`, taken out of `handled`. */
function handledFrom(child: Span, handled: Set<ErrorReference>): Item[] {
  const { exitError } = child
  if (exitError === undefined || handled.size === 0) return []
  const origin = exitError.kind === 'error' ? child.id : exitError.spanId
  const found = [...handled].filter(error => error.spanId === origin)
  for (const error of found) handled.delete(error)
  return found.map(error => ({ kind: 'handled', error }))
}
