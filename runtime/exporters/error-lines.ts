import type { ErrorRecord, ErrorReference, Span } from '../../model/index.ts'
import { attributeText } from './attribute-text.ts'
import { type Style, styles } from './colours.ts'
import { fitLine, type Line, type Piece, wrapBehind } from './line.ts'
import type { Locator } from './locator.ts'
import { printable, printableLines } from './printable.ts'
import { tracebackLines } from './traceback.ts'
import type { TreeView } from './tree-view.ts'

/** Lines of an error's message, causes one behind the other, and errors of an AggregateError that are shown. */
const MAX_LINES = 12
const MAX_CAUSES = 8
const MAX_ERRORS = 8

const INDENT = 2

/** How an error is shown: with the frames of each traceback or without, in which colours. */
interface Manner {
  readonly locator: Locator
  readonly traceback: boolean
  readonly type: Style
  readonly message: Style
}

/**
 * The error that left `span`: in full where it was thrown, in short above. The root's has its traceback; one that
 * was handled further up is less loud.
 */
export function exitErrorLines(span: Span, error: ErrorRecord | ErrorReference, view: TreeView, room: number): Line[] {
  const traceback = span === view.root
  const manner = view.handled(span)
    ? { locator: view.locator, traceback, type: styles.handled, message: styles.handled }
    : loud(view.locator, traceback)
  if (error.kind === 'error') return describe([], error, room, manner, 0)
  const head = fitLine([{ text: `↑ ${printable(error.type)}${from(error, view)}`, style: manner.message }], room)
  const record = traceback ? view.record(error) : undefined
  return record ? [head, ...indent(onlyTraceback(record, room - INDENT, manner), room)] : [head]
}

/** An error with its traceback: `TypeError: message`, captured arguments, frames, causes. */
export function recordLines(error: ErrorRecord, locator: Locator, room: number): Line[] {
  return describe([], error, room, loud(locator, true), 0)
}

function loud(locator: Locator, traceback: boolean): Manner {
  return { locator, traceback, type: styles.failed, message: styles.error }
}

/** An error that a span survived, on one muted line. */
export function handledErrorLine(error: ErrorReference, view: TreeView, room: number): Line {
  const text = `handled ${printable(error.type)}${from(error, view)}: ${printable(error.message)}`
  return fitLine([{ text, style: styles.muted }], room)
}

/** The same; where nothing else says why the root failed, with its traceback. */
export function handledErrorLines(error: ErrorReference, view: TreeView, room: number): Line[] {
  const line = handledErrorLine(error, view, room)
  const record = view.suspect(error) ? view.record(error) : undefined
  if (record === undefined) return [line]
  return [line, ...indent(onlyTraceback(record, room - INDENT, loud(view.locator, true)), room)]
}

function describe(head: Line, error: ErrorRecord, room: number, manner: Manner, depth: number): Line[] {
  const below = [
    ...labelled('', error.attributes, room - INDENT),
    ...labelled('with ', error.arguments, room - INDENT),
    ...frames(error, room - INDENT, manner),
  ]
  return [...titleLines(head, error, room, manner), ...indent(below, room), ...related(error, room, manner, depth)]
}

/** For a reference whose record is described elsewhere: only what is not said there. */
function onlyTraceback(error: ErrorRecord, room: number, manner: Manner): Line[] {
  return [...frames(error, room, manner), ...related(error, room, manner, 0)]
}

function titleLines(head: Line, error: ErrorRecord, room: number, { type, message }: Manner): Line[] {
  const start: Line = [...head, { text: printable(error.type), style: type }]
  if (error.message === '') return [fitLine(start, room)]
  const [first = '', ...rest] = printableLines(error.message)
  const title = wrapBehind([...start, { text: ': ', style: message }], first, message, room, MAX_LINES, INDENT)
  for (const line of rest.slice(0, MAX_LINES)) title.push(fitLine([{ text: `  ${line}`, style: message }], room))
  if (rest.length > MAX_LINES) title.push([{ text: `  … ${rest.length - MAX_LINES} more lines`, style: styles.muted }])
  return title
}

function labelled(label: string, attributes: ErrorRecord['arguments'], room: number): Line[] {
  const text = attributeText(attributes ?? {})
  if (text === '') return []
  return wrapBehind([{ text: label, style: styles.muted }], text, styles.muted, room, MAX_LINES, label.length)
}

function frames({ stack }: ErrorRecord, room: number, { traceback, locator }: Manner): Line[] {
  return traceback && stack !== undefined ? tracebackLines(stack, locator, room) : []
}

function related(error: ErrorRecord, room: number, manner: Manner, depth: number): Line[] {
  if (depth >= MAX_CAUSES) return []
  const errors = error.errors ?? []
  const lines = errors.slice(0, MAX_ERRORS).flatMap(one => describe([bullet], one, room, manner, depth + 1))
  if (errors.length > MAX_ERRORS)
    lines.push([bullet, { text: `… ${errors.length - MAX_ERRORS} more`, style: styles.muted }])
  if (error.cause) lines.push(...describe([causedBy], error.cause, room, manner, depth + 1))
  return lines
}

const bullet: Piece = { text: '• ', style: styles.muted }
const causedBy: Piece = { text: 'caused by ', style: styles.muted }

function from(error: ErrorReference, view: TreeView): string {
  const origin = view.span(error.spanId)
  return origin ? ` from ${printable(origin.name)}` : ''
}

function indent(lines: readonly Line[], room: number): Line[] {
  return lines.map(line => fitLine([{ text: ' '.repeat(INDENT) }, ...line], room))
}
