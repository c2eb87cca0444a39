import { durationOf, type ErrorRecord, type ErrorReference, type Message, type Span } from '../../model/index.ts'
import { attributeText } from '../exporters/attribute-text.ts'
import { formatDuration } from '../exporters/duration.ts'
import { printable } from '../exporters/printable.ts'
import { type Item, itemsOf } from '../exporters/span-items.ts'
import { rootsOf, type Traced } from './traced.ts'

export interface RenderTreeOptions {
  /** `(src/order.ts:12:3)` behind each name, or with `'file'` without line and column; not unless told. */
  readonly locations?: boolean | 'file'
  /** `12.3 ms` behind each name; not unless told, since a snapshot would change from run to run. */
  readonly durations?: boolean
  /** `{item=3}` behind spans and messages, unless told otherwise. */
  readonly attributes?: boolean
  /** Messages, unless told otherwise. */
  readonly messages?: boolean
}

/**
 * A trace as text that is the same in every run, for snapshots:
 *
 *     checkout {order=7} ↑ PaymentError: declined
 *     ├─ reserve {item=3}
 *     │  └─ INFO picked up {orderId=7}
 *     ├─ applyCoupon ✗ CouponError: expired
 *     ├─ handled CouponError: expired
 *     └─ charge ✗ PaymentError: declined
 *
 * `✗ Type: message` is the error that left a span, where it was thrown; `↑ Type: message` in the spans that it crossed;
 * `handled` one that the span above survived; `×6` a node that stands for that many calls. One line each, in the order of time; nothing is grouped.
 */
export function renderTree(traced: Traced, options: RenderTreeOptions = {}): string {
  return rootsOf(traced)
    .flatMap(root => linesOf(root, options))
    .join('\n')
}

function linesOf(root: Span, options: RenderTreeOptions): string[] {
  const lines: string[] = []
  const stack = [{ item: { kind: 'span', span: root } as Item, branch: '', guides: '' }]
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { item, branch, guides } = next
    lines.push(branch + itemText(item, options))
    const below = item.kind === 'span' ? itemsBelow(item.span, options) : []
    for (let i = below.length - 1; i >= 0; i--) {
      const last = i === below.length - 1
      const inner = guides + (last ? '   ' : '│  ')
      stack.push({ item: below[i]!, branch: guides + (last ? '└─ ' : '├─ '), guides: inner })
    }
  }
  return lines
}

/** Without what the span's own line says (its error) and what depends on durations (calls that were left out). */
function itemsBelow(span: Span, { messages = true }: RenderTreeOptions): Item[] {
  return itemsOf(span).filter(({ kind }) => kind !== 'error' && kind !== 'dropped' && (messages || kind !== 'message'))
}

function itemText(item: Item, options: RenderTreeOptions): string {
  if (item.kind === 'span') return spanText(item.span, options)
  if (item.kind === 'message') return messageText(item.message, options)
  return item.kind === 'handled' ? `handled ${errorText(item.error)}` : ''
}

function spanText(span: Span, { locations = false, durations = false, attributes = true }: RenderTreeOptions): string {
  const parts = [printable(span.name)]
  if (span.calls) parts.push(`×${span.calls.count}`)
  const duration = durations ? durationOf(span) : undefined
  if (duration !== undefined) parts.push(formatDuration(duration))
  if (attributes) parts.push(attributesText(span.attributes))
  if (span.exitError) parts.push(`${span.exitError.kind === 'error' ? '✗' : '↑'} ${errorText(span.exitError)}`)
  else if (span.status === 'failed') parts.push('✗')
  if (span.endTime === undefined) parts.push('… still running')
  if (locations && span.site) parts.push(locationText(span.site, locations))
  return joined(parts)
}

function locationText({ file, line, column }: NonNullable<Span['site']>, locations: true | 'file'): string {
  return locations === 'file' ? `(${printable(file)})` : `(${printable(file)}:${line}:${column})`
}

function messageText(message: Message, { attributes = true }: RenderTreeOptions): string {
  const { level, text, error } = message
  const shown = attributes ? attributesText(message.attributes) : ''
  return joined([level.toUpperCase(), printable(text), shown, error ? `✗ ${errorText(error)}` : ''])
}

function attributesText(attributes: Span['attributes']): string {
  return Object.keys(attributes).length === 0 ? '' : `{${attributeText(attributes)}}`
}

function errorText({ type, message }: ErrorRecord | ErrorReference): string {
  return message === '' ? printable(type) : `${printable(type)}: ${printable(message)}`
}

function joined(parts: readonly string[]): string {
  return parts.filter(part => part !== '').join(' ')
}
