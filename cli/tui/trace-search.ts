import { attributeText } from '../../runtime/exporters/attribute-text.ts'
import type { Entry, TraceDocument } from './trace-document.ts'

/**
 * The nearest row behind `from` (or, with -1, before it) whose text contains the words, going round; without words, the nearest that
 * an error is told of where it was thrown. Undefined where there is none.
 */
export function nextMatch({ nodes }: TraceDocument, words: string, from: number, by: 1 | -1): number | undefined {
  const wanted = words.toLowerCase()
  for (let i = 1; i <= nodes.length; i++) {
    const row = (from + by * i + nodes.length) % nodes.length
    const { entry } = nodes[row]!
    if (wanted === '' ? isFailure(entry) : textOf(entry).toLowerCase().includes(wanted)) return row
  }
  return undefined
}

function isFailure(entry: Entry): boolean {
  if (entry.kind === 'error') return entry.error.kind === 'error'
  return entry.kind === 'message' && entry.message.error !== undefined
}

function textOf(entry: Entry): string {
  switch (entry.kind) {
    case 'span':
      return `${entry.span.name} ${entry.span.site?.file ?? ''} ${attributeText(entry.span.attributes)} ${entry.span.id}`
    case 'group':
      return entry.spans[0]?.name ?? ''
    case 'message':
      return `${entry.message.text} ${entry.message.logger} ${attributeText(entry.message.attributes)}`
    case 'error':
    case 'handled':
      return `${entry.error.type}: ${entry.error.message}`
    case 'link':
      return `${entry.link.traceId} ${entry.link.spanId}`
    case 'reference':
      return entry.reference.id
    case 'elsewhere':
      return entry.parentId
    case 'dropped':
      return ''
  }
}
