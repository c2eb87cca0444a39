import type { ErrorRecord } from '../model/index.ts'
import type { SpanRecord } from './span-record.ts'

/** Characters of one value, and of all of a trace, that are searched. */
const MAX_VALUE = 2_000
const MAX_TEXT = 100_000

/** What is searched of a trace: names, messages, errors, values of attributes; each line once. */
export function searchText(spans: Iterable<SpanRecord>): string {
  const lines = new Set<string>()
  for (const { name, attributes, messages, exitError } of spans) {
    lines.add(name)
    addValues(lines, attributes)
    for (const message of messages) {
      lines.add(message.text.slice(0, MAX_VALUE))
      addValues(lines, message.attributes)
      addError(lines, message.error)
    }
    if (exitError?.kind === 'error') addError(lines, exitError)
  }
  return [...lines].join('\n').slice(0, MAX_TEXT)
}

function addError(lines: Set<string>, error: ErrorRecord | undefined): void {
  if (error === undefined) return
  lines.add(`${error.type}: ${error.message.slice(0, MAX_VALUE)}`)
  addValues(lines, error.attributes)
  addValues(lines, error.arguments)
  addError(lines, error.cause)
  for (const each of error.errors ?? []) addError(lines, each)
}

function addValues(lines: Set<string>, value: unknown): void {
  if (typeof value === 'string' || typeof value === 'number') lines.add(String(value).slice(0, MAX_VALUE))
  else if (typeof value === 'object' && value !== null) for (const each of Object.values(value)) addValues(lines, each)
}

/** What is looked for: words that all have to occur somewhere in a trace, or phrases in double quotes. In lower case. */
export function searchTerms(query: string): string[] {
  const terms = query.toLowerCase().match(/"[^"]+"|[^\s"]+/g) ?? []
  return terms.map(term => term.replace(/^"(.*)"$/, '$1')).filter(term => term !== '')
}

export function containsAll(text: string, terms: readonly string[]): boolean {
  const lower = text.toLowerCase()
  return terms.every(term => lower.includes(term))
}

/** Three characters in a row, by which an index finds candidates; at most so many, spread over the terms. */
const MAX_TRIGRAMS = 12

export function trigramsOf(terms: readonly string[]): string[] {
  const all = new Set<string>()
  for (const term of terms) {
    const characters = [...term]
    for (let i = 0; i + 3 <= characters.length; i++) all.add(characters.slice(i, i + 3).join(''))
  }
  const trigrams = [...all]
  const step = Math.max(1, trigrams.length / MAX_TRIGRAMS)
  return Array.from(
    { length: Math.min(MAX_TRIGRAMS, trigrams.length) },
    (_, i) => trigrams[Math.floor(i * step)] as string,
  )
}
