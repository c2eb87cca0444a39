import { styles, wantsColours, withColours } from '../../runtime/exporters/colours.ts'
import { type Cell, type Column, table } from './table.ts'

/** Columns where standard output is no terminal. */
const WIDTH = 120

export function outputWidth(): number {
  return process.stdout.columns || WIDTH
}

/** What `make` gives, with colours where standard output wants them. */
export function printText(make: () => string): void {
  process.stdout.write(withColours(wantsColours(process.stdout, process.env), make))
}

export function printTable(columns: readonly Column[], rows: () => readonly (readonly Cell[])[]): void {
  printText(() => table(columns, rows(), outputWidth(), styles.muted))
}

/** A list of JSON, a line an element; bigints as decimal texts. */
export function printList(elements: readonly object[]): void {
  process.stdout.write(
    elements.length === 0 ? '[]\n' : `[\n${elements.map(each => `  ${json(each)}`).join(',\n')}\n]\n`,
  )
}

/** On one line. */
export function json(value: unknown): string {
  return JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? String(each) : each))
}

export function note(text: string): void {
  process.stderr.write(`${text}\n`)
}
