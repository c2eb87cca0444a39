import { containsAll, searchTerms, searchText, trigramsOf } from '../search-text.ts'
import type { Connection } from './connection.ts'
import { spansOfTrace } from './trace-reader.ts'

/**
 * Documents in one part of the index, some 3 MB. A part is dropped as a whole, when the last of its traces is gone: until then it counts among the
 * bytes that are too many. Each part is asked in turn, some 0.2 ms.
 */
const PART = 5_000
/** A trace is put in again when more of it has come; so many documents it can have. */
export const DOCS_PER_TRACE = 4_096
/** Traces without an index that are read for one search. */
const MAX_READ = 2_000

interface Part {
  readonly no: number
  readonly docs: number
}

/**
 * Makes text findable that has come since, of at most `limit` traces; returns how many it was. Contentless, without positions: half of
 * the size, and what it finds is read again anyway.
 */
export function indexText(connection: Connection, limit: number): number {
  return connection.transaction(() => {
    const pending = connection.all<{ trace: number; docs: number }>(
      'SELECT text_pending.trace, docs FROM text_pending JOIN traces ON no = text_pending.trace LIMIT ?',
      limit,
    )
    for (const { trace, docs } of pending) {
      if (docs < DOCS_PER_TRACE) indexTrace(connection, trace, docs)
      connection.run('DELETE FROM text_pending WHERE trace = ?', trace)
    }
    return pending.length
  })
}

/** Numbers of the newest traces that have all words of `query` and are wanted. */
export function textMatches(
  connection: Connection,
  query: string,
  isWanted: (trace: number) => boolean,
  limit: number,
): number[] {
  const terms = searchTerms(query)
  const found = new Set<number>()
  const seen = new Set<number>()
  for (const trace of candidates(connection, terms)) {
    if (found.size >= limit) break
    if (seen.has(trace)) continue
    seen.add(trace)
    if (isWanted(trace) && containsAll(textOf(connection, trace), terms)) found.add(trace)
  }
  return [...found]
}

function* candidates(connection: Connection, terms: readonly string[]): Generator<number> {
  const pending = 'SELECT trace FROM text_pending ORDER BY trace DESC LIMIT ?'
  for (const { trace } of connection.all<{ trace: number }>(pending, MAX_READ)) yield trace
  const trigrams = trigramsOf(terms)
  if (trigrams.length === 0) yield* newest(connection)
  else yield* indexed(connection, trigrams)
}

/** Words of one or two characters are in no index. */
function* newest(connection: Connection): Generator<number> {
  for (const { no } of connection.all<{ no: number }>('SELECT no FROM traces ORDER BY no DESC LIMIT ?', MAX_READ))
    yield no
}

function* indexed(connection: Connection, trigrams: readonly string[]): Generator<number> {
  const match = trigrams.map(trigram => `"${trigram.replaceAll('"', '""')}"`).join(' AND ')
  for (const { no } of connection.all<Part & Record<string, number>>('SELECT no FROM text_parts ORDER BY no DESC')) {
    const sql = `SELECT rowid AS doc FROM ${tableOf(no)} WHERE ${tableOf(no)} MATCH ? ORDER BY rowid DESC`
    for (const { doc } of connection.each<{ doc: number }>(sql, match)) yield Math.floor(doc / DOCS_PER_TRACE)
  }
}

function indexTrace(connection: Connection, trace: number, docs: number): void {
  const part = openPart(connection)
  const doc = trace * DOCS_PER_TRACE + docs
  connection.run(`INSERT INTO ${tableOf(part)} (rowid, text) VALUES (?, ?)`, doc, textOf(connection, trace))
  connection.run('UPDATE text_parts SET docs = docs + 1, last_trace = max(last_trace, ?) WHERE no = ?', trace, part)
  connection.run('UPDATE traces SET docs = docs + 1 WHERE no = ?', trace)
}

/** The part that is being filled; the next one when it is full. */
function openPart(connection: Connection): number {
  const last = connection.get<Part & Record<string, number>>('SELECT no, docs FROM text_parts ORDER BY no DESC LIMIT 1')
  if (last !== undefined && last.docs < PART) return last.no
  const no = (last?.no ?? 0) + 1
  connection.exec(
    `CREATE VIRTUAL TABLE ${tableOf(no)} USING fts5 (text, content='', detail=none, columnsize=0, tokenize='trigram')`,
  )
  connection.run('INSERT INTO text_parts VALUES (?, 0, 0)', no)
  return no
}

/** Parts all of whose traces are gone; returns how many they were. */
export function dropParts(connection: Connection, oldestTrace: number): number {
  const parts = connection.all<Part & Record<string, number>>(
    'SELECT no FROM text_parts WHERE last_trace < ?',
    oldestTrace,
  )
  for (const { no } of parts) {
    connection.exec(`DROP TABLE ${tableOf(no)}`)
    connection.run('DELETE FROM text_parts WHERE no = ?', no)
  }
  return parts.length
}

function tableOf(part: number): string {
  return `text_${part}`
}

function textOf(connection: Connection, trace: number): string {
  return searchText(spansOfTrace(connection, trace, ''))
}
