import kleur from 'kleur'
import type { Cost } from '../../transformer/cost.ts'
import type { Survey, SurveyedFunction } from './survey.ts'

/** Columns between two columns. */
const GAP = 2
const MAX_NAME = 44
/** What is left for the last column must hold some words, or it goes to a line of its own. */
const MIN_NOTE = 24

interface Row {
  readonly mark: string
  readonly place: string
  readonly name: string
  readonly note: string
  readonly paint: (text: string) => string
}

/** A survey as a table for people, at most `width` columns wide as far as paths and reasons allow. */
export function planTable(survey: Survey, width: number): string {
  const rows = [...survey.functions.map(functionRow), ...survey.files.map(fileRow)]
  const place = Math.max(0, ...rows.map(row => row.place.length))
  const name = Math.min(MAX_NAME, Math.max(0, ...rows.map(row => row.name.length)))
  const lines = rows.flatMap(row => written(row, place, name, width))
  return [...lines, ...(lines.length > 0 ? [''] : []), ...planSummary(survey), ''].join('\n')
}

function functionRow({ state, file, line, column, name, reason, shape, cost }: SurveyedFunction): Row {
  const place = `${file}:${line}:${column}`
  if (state === 'instrumented') {
    const what = shape === 'sync' ? '' : `${shape}, `
    return { mark: kleur.green('✓'), place, name, note: what + costText(cost), paint: text => text }
  }
  const mark = state === 'refused' ? kleur.yellow('✗') : kleur.dim(state === 'trivial' ? '–' : '·')
  const note = reason ?? ''
  return { mark, place, name, note, paint: state === 'refused' ? kleur.yellow : kleur.dim }
}

function fileRow({ file, reason }: Survey['files'][number]): Row {
  return { mark: kleur.dim('·'), place: `${file}:1:1`, name: '(file)', note: reason, paint: kleur.dim }
}

function written(
  { mark, place, name, note, paint }: Row,
  placeWidth: number,
  nameWidth: number,
  width: number,
): string[] {
  const head = `${place.padEnd(placeWidth)}${' '.repeat(GAP)}${shortened(name, nameWidth).padEnd(nameWidth)}`
  const indent = 2 + head.length + GAP
  const room = width - indent
  if (room < MIN_NOTE) {
    return [`${mark} ${paint(head.trimEnd())}`, ...wrapped(note, width - 6).map(line => `      ${paint(line)}`)]
  }
  const [first = '', ...rest] = wrapped(note, room)
  return [
    `${mark} ${paint(`${head}${' '.repeat(GAP)}${first}`.trimEnd())}`,
    ...rest.map(line => ' '.repeat(indent) + paint(line)),
  ]
}

function shortened(text: string, width: number): string {
  if (text.length <= width) return text
  const end = Math.floor((width - 1) / 2)
  return `${text.slice(0, width - 1 - end)}…${text.slice(text.length - end)}`
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = ''
    }
    line += (line === '' ? '' : ' ') + word
  }
  return [...lines, line]
}

/** What it comes to, in two lines. */
export function planSummary({ from, functions, files, read }: Survey): string[] {
  const count = (state: SurveyedFunction['state']): number => functions.filter(each => each.state === state).length
  const left = (['refused', 'trivial', 'excluded'] as const)
    .map(state => [count(state), state] as const)
    .flatMap(([n, state]) => (n > 0 ? [`${n} ${state}`] : []))
  const total = `${kleur.bold(count('instrumented'))} of ${functions.length} functions in ${counted(read, 'file')} get a span`
  const not = left.length > 0 ? ` (${left.join(', ')})` : ''
  const out = files.length > 0 ? `; ${counted(files.length, 'file')} left out` : ''
  return [`${total}${not}${out}; chosen by ${from.join(', ')}.`, ...dearest(functions)]
}

function dearest(functions: readonly SurveyedFunction[]): string[] {
  const withCost = functions.filter(each => each.cost)
  const [first, ...rest] = withCost
  if (!first) return []
  const most = rest.reduce((a, b) => ((b.cost?.nanoseconds ?? 0) > (a.cost?.nanoseconds ?? 0) ? b : a), first)
  return [kleur.dim(`Dearest call, estimated: ${most.name}, ${costText(most.cost)} (a loop counts as 10 turns).`)]
}

function costText(cost: Cost | undefined): string {
  return cost ? `${counted(cost.spans, 'span')} ≈ ${time(cost.nanoseconds)}` : ''
}

function time(nanoseconds: number): string {
  if (nanoseconds < 1_000) return `${nanoseconds} ns`
  if (nanoseconds < 1_000_000) return `${rounded(nanoseconds / 1_000)} µs`
  return `${rounded(nanoseconds / 1_000_000)} ms`
}

function rounded(value: number): string {
  return value.toPrecision(2).includes('e') ? String(Math.round(value)) : String(Number(value.toPrecision(2)))
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}
