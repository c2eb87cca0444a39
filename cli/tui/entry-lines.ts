import { durationOf, type ErrorRecord, type Message, type Span } from '../../model/index.ts'
import { attributeText, valueText } from '../../runtime/exporters/attribute-text.ts'
import { styles } from '../../runtime/exporters/colours.ts'
import { formatDuration } from '../../runtime/exporters/duration.ts'
import { recordLines } from '../../runtime/exporters/error-lines.ts'
import { fitLine, type Line, wrapBehind } from '../../runtime/exporters/line.ts'
import { messageRow } from '../../runtime/exporters/message-lines.ts'
import { printable } from '../../runtime/exporters/printable.ts'
import { figuresOf, lengthOf, slowestOf } from '../../runtime/exporters/sibling-groups.ts'
import { selfTime } from '../../runtime/exporters/slow-spans.ts'
import { headOf } from '../../runtime/exporters/span-lines.ts'
import { muted, plain, rule, strong } from './look.ts'
import { exactMoment } from './moments.ts'
import { excerpt, placeText } from './source-excerpt.ts'
import type { Place, SourceFiles } from './source-file.ts'
import type { TraceView } from './state.ts'
import type { Node, TraceDocument } from './trace-document.ts'

/** Lines that one value may take on a page, and those of the source around a place there. */
const MAX_VALUE_LINES = 6
const SOURCE_LINES = 21
/** Of the pane: for attributes, and at the least for the source. */
const PANE_VALUES = 2
const MIN_SOURCE = 3

/** What there is to say of the chosen row in few lines, and the source around its place, below a rule that names that. */
export function entryPane(
  { asked, visible, scroll }: TraceView,
  width: number,
  height: number,
  sources: SourceFiles,
): Line[] {
  const document = asked.value
  const node = document?.nodes[visible?.rows[scroll.cursor] ?? -1]
  if (document === undefined || node === undefined) return [rule('', width)]
  const place = sources.place(node)
  const about = shortLines(node, document, width)
  const source = excerpt(sources, place, Math.max(height - about.length, MIN_SOURCE), width)
  return [rule(ruleText(node, place, sources), width), ...about.slice(0, height - source.length), ...source]
}

/** Of an error where it was thrown, as far as that is on this machine. */
function ruleText({ entry, span: { site } }: Node, place: Place | undefined, sources: SourceFiles): string {
  if (place !== undefined && (entry.kind === 'error' || site === undefined)) return placeText(place, sources)
  return site === undefined ? '' : printable(`${site.file}:${site.line}:${site.column}`)
}

function shortLines(node: Node, document: TraceDocument, width: number): Line[] {
  const { entry, span, tree } = node
  switch (entry.kind) {
    case 'message':
      return messageRow(entry.message, tree, width).lines.slice()
    case 'error': {
      const record = tree.record(entry.error)
      return record
        ? recordLines(record, tree.locator, width)
        : [plain(printable(entry.error.message))].map(piece => [piece])
    }
    case 'group':
      return [fitLine([strong(printable(span.name)), plain('  '), muted(groupText(entry.spans))], width)]
    default:
      return [factsLine(span, document, width), ...attributeLines(span, width, PANE_VALUES)]
  }
}

/** `charge  took 8.00 ms, own 3.00 ms, began +2.00 ms`. */
function factsLine(span: Span, { start }: TraceDocument, width: number): Line {
  const took = durationOf(span)
  const facts = [
    took === undefined ? 'still running' : `took ${formatDuration(took)}`,
    span.children.length > 0 && took !== undefined ? `own ${formatDuration(selfTime(span))}` : undefined,
    `began +${formatDuration(span.startTime - start)}`,
  ]
  return fitLine([strong(printable(span.name)), muted(`  ${facts.filter(Boolean).join(', ')}`)], width)
}

function attributeLines({ attributes }: Span, width: number, most: number): Line[] {
  const text = attributeText(attributes)
  return text === '' ? [] : wrapBehind([], text, styles.plain, width, most, 0)
}

/** All that is known of a row, to leaf through. */
export function entryLines(node: Node, document: TraceDocument, width: number, sources: SourceFiles): Line[] {
  const { entry, span, tree } = node
  const place = sources.place(node)
  const exit = span.exitError && tree.record(span.exitError)
  return [
    ...(entry.kind === 'message' ? section('Message', messageLines(entry.message, node, width)) : []),
    ...section('Call', factLines(node, document, width)),
    ...section('Attributes', valueLines(span.attributes, width)),
    ...(exit ? section('Error', recordLines(withoutArguments(exit), tree.locator, width - 2)) : []),
    ...section('Arguments of the function that failed', valueLines(exit?.arguments ?? {}, width)),
    ...(entry.kind === 'message'
      ? []
      : section(
          'Messages',
          span.messages.flatMap(each => messageLines(each, node, width)),
        )),
    ...section(place ? placeText(place, sources) : 'Source', excerpt(sources, place, SOURCE_LINES, width)),
  ]
}

/** They have a section of their own, where there is more room. */
function withoutArguments({ arguments: _, ...record }: ErrorRecord): ErrorRecord {
  return record
}

function section(title: string, lines: readonly Line[]): Line[] {
  return lines.length === 0 ? [] : [[strong(title)], ...lines.map((line): Line => [plain('  '), ...line]), []]
}

function factLines({ span, tree, entry }: Node, { start }: TraceDocument, width: number): Line[] {
  const took = durationOf(span)
  const { site, calls, slow, queueDuration } = span
  const facts: (readonly [string, string | undefined])[] = [
    ['place', site && `${site.file}:${site.line}:${site.column}`],
    ['began', `${exactMoment(span.startTime)}  +${formatDuration(span.startTime - start)}`],
    [
      'took',
      took === undefined
        ? 'still running'
        : `${formatDuration(took)}, of that its own ${formatDuration(selfTime(span))}`,
    ],
    ['usually', slow && `${formatDuration(slow.p50)}, p99 ${formatDuration(slow.p99)}`],
    ['queued', queueDuration === undefined ? undefined : formatDuration(queueDuration)],
    ['calls', calls && `${calls.count}, ${calls.failed} of them failed, p99 ${formatDuration(calls.p99)}`],
    ['group', entry.kind === 'group' ? groupText(entry.spans) : undefined],
    ['links', span.links?.map(({ traceId, spanId }) => `${traceId} ${spanId}`).join(', ')],
    ['message', span.references?.map(({ id, role }) => `${role} ${id}`).join(', ')],
    ['span', span.parentId === undefined ? span.id : `${span.id}, below ${span.parentId}`],
  ]
  const told = facts.flatMap(([name, value]) => (value ? fact(name, value, width) : []))
  return [headOf(span, tree), ...told]
}

function groupText(spans: readonly Span[]): string {
  const { count, total, min, failed } = figuresOf(spans)
  const range = `${formatDuration(min)} … ${formatDuration(lengthOf(slowestOf(spans)))}`
  return `${count} calls, ${range}, in sum ${formatDuration(total)}${failed > 0 ? `, ${failed} failed` : ''}`
}

function messageLines(message: Message, { tree }: Node, width: number): Line[] {
  const [first = [], ...rest] = messageRow(message, tree, width - 2).lines
  return [[...first, muted(`  ${printable(message.logger)}`)], ...rest]
}

function valueLines(values: Span['attributes'], width: number): Line[] {
  return Object.entries(values).flatMap(([name, value]) => fact(name, valueText(value, width * MAX_VALUE_LINES), width))
}

const NAME_WIDTH = 12

function fact(name: string, value: string, width: number): Line[] {
  const head = printable(name).padEnd(NAME_WIDTH)
  return wrapBehind([muted(`${head} `)], printable(value), styles.plain, width - 2, MAX_VALUE_LINES, NAME_WIDTH + 1)
}
