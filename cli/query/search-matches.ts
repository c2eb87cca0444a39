import { styles } from '../../runtime/exporters/colours.ts'
import { printable } from '../../runtime/exporters/printable.ts'
import { cut } from '../../runtime/exporters/text-width.ts'
import { searchTerms, searchText } from '../../store/search-text.ts'
import { recordsOf } from '../../store/span-record.ts'
import type { TraceQuery, TraceSummary } from '../../store/trace-store.ts'
import { milliseconds, momentText } from './moment.ts'
import { note, outputWidth, printList, printText } from './print.ts'
import { FOUND, NONE, type Session } from './store-command.ts'
import { STATUS_STYLES, traceJson } from './trace-rows.ts'

export interface Match {
  readonly spanId: string
  readonly name: string
  readonly text: string
}

/** Lines that are shown of one trace. */
const MAX_LINES = 3
/** Characters around the first word that occurs in a line. */
const BEFORE = 30

export async function printMatches(session: Session, text: string, query: TraceQuery): Promise<number> {
  const terms = searchTerms(text)
  const found = await session.client.traces(session.namespace, query)
  const matches: Match[][] = []
  for (const { traceId } of found) matches.push(await matchesIn(session, traceId, terms))
  if (session.json) printList(found.map((trace, i) => ({ ...traceJson(trace), matches: matches[i] })))
  else if (found.length > 0)
    printText(() => found.map((trace, i) => traceText(trace, matches[i] ?? [], terms)).join('\n'))
  else note(`Nothing found: ${text}`)
  return found.length > 0 ? FOUND : NONE
}

async function matchesIn({ client, namespace }: Session, traceId: string, terms: readonly string[]): Promise<Match[]> {
  const lookup = await client.trace(namespace, traceId)
  if (lookup.kind !== 'found') return []
  return lookup.trees.flatMap(tree =>
    recordsOf(tree, 0n).flatMap(record => {
      const lines = searchText([record]).split('\n')
      const told = lines.filter(line => terms.some(term => line.toLowerCase().includes(term)))
      return told.map(line => ({ spanId: record.id, name: record.name, text: line }))
    }),
  )
}

function traceText(
  { traceId, name, status, start }: TraceSummary,
  matches: readonly Match[],
  terms: readonly string[],
): string {
  const began = styles.muted(momentText(milliseconds(start)))
  const head = `${began}  ${STATUS_STYLES[status](status)}  ${styles.root(printable(name))}  ${styles.muted(traceId)}\n`
  const lines = matches.slice(0, MAX_LINES).map(match => `    ${matchText(match, terms)}\n`)
  const more = matches.length > MAX_LINES ? [`    ${styles.muted(`… and ${matches.length - MAX_LINES} more`)}\n`] : []
  return [head, ...lines, ...more].join('')
}

function matchText({ name, text }: Match, terms: readonly string[]): string {
  const where = text === name ? '' : `${printable(name)}: `
  const room = outputWidth() - 5 - where.length
  const line = printable(text)
  const at = Math.min(...terms.map(term => line.toLowerCase().indexOf(term)).filter(i => i >= 0), line.length)
  const from = line.length > room && at > BEFORE ? at - BEFORE : 0
  const shown = (from > 0 ? '…' : '') + line.slice(from)
  return styles.muted(where) + marked(shown.length > room ? cut(shown, Math.max(room, BEFORE)) : shown, terms)
}

function marked(text: string, terms: readonly string[]): string {
  const pattern = terms.map(term => term.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')
  return text.replace(new RegExp(pattern, 'gi'), found => styles.slow(found))
}
