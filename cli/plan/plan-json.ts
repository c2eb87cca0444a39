import { formatDiagnostic } from '../../transformer/diagnostics.ts'
import type { Survey, SurveyedFunction } from './survey.ts'

/** Of the format; raised when a reader of the old one would be misled. */
const VERSION = 1

/**
 * A survey as JSON that can be kept in a repository: sorted, no absolute path, no time, a line a function, so that what
 * compares texts shows what has changed.
 */
export function planJson(survey: Survey): string {
  const head = { version: VERSION, from: survey.from, summary: summary(survey) }
  return [
    '{',
    ...Object.entries(head).map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)},`),
    ...list('functions', survey.functions.map(entry), ','),
    ...list('files', survey.files, ','),
    ...list('diagnostics', survey.diagnostics.map(formatDiagnostic), ''),
    '}',
    '',
  ].join('\n')
}

function list(key: string, items: readonly unknown[], end: string): string[] {
  if (items.length === 0) return [`  "${key}": []${end}`]
  const last = items.length - 1
  return [`  "${key}": [`, ...items.map((item, i) => `    ${JSON.stringify(item)}${i < last ? ',' : ''}`), `  ]${end}`]
}

function entry({ state, name, file, line, column, reason, kind, shape, options, cost }: SurveyedFunction): object {
  const hasOptions = options && Object.keys(options).length > 0
  return { place: `${file}:${line}:${column}`, name, state, reason, kind, shape, ...(hasOptions && { options }), cost }
}

function summary({ functions, files, read }: Survey): Record<string, number> {
  const count = (state: SurveyedFunction['state']): number => functions.filter(each => each.state === state).length
  return {
    files: read,
    filesLeftOut: files.length,
    instrumented: count('instrumented'),
    refused: count('refused'),
    trivial: count('trivial'),
    excluded: count('excluded'),
  }
}

/** A kept plan without what a newer span-tree may measure differently. */
export function comparable(json: string): string {
  return json.replace(/,"nanoseconds":\d+/g, '')
}
