import { printable } from '../../runtime/exporters/printable.ts'
import { textWidth, truncate } from '../../runtime/exporters/text-width.ts'

export interface Column {
  readonly title: string
  readonly align?: 'right'
  /** Gets what the others leave of the width, and is cut to it; else a column is as wide as its longest cell. */
  readonly flexible?: boolean
  /** Left out where nothing is in it, and where the others have too little room, the last first. */
  readonly expendable?: boolean
}

export interface Cell {
  readonly text: string
  readonly paint?: (text: string) => string
}

const GAP = '  '
/** Columns that a flexible column has at the least; where there is no room for that, lines are longer than the terminal is wide. */
const MIN_FLEXIBLE = 10
/** The same, before something that is expendable is left out: half a name and half of the tags tell less than a name. */
const MIN_NAME = 24

/** Rows under their titles, at most `width` columns wide as far as that is possible. `head` paints the titles. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  width: number,
  head: (text: string) => string,
): string {
  const texts = rows.map(row => row.map(({ text }) => printable(text)))
  const widths = widthsOf(columns, texts, width)
  const left = columns.findLastIndex(({ expendable }, i) => expendable && (widths === undefined || isEmpty(texts, i)))
  if (left >= 0)
    return table(
      without(columns, left),
      rows.map(row => without(row, left)),
      width,
      head,
    )
  return written(columns, rows, texts, widths ?? (widthsOf(columns, texts, Number.POSITIVE_INFINITY) as number[]), head)
}

function isEmpty(texts: readonly (readonly string[])[], column: number): boolean {
  return texts.every(row => row[column] === '')
}

function without<T>(list: readonly T[], index: number): T[] {
  return list.filter((_, i) => i !== index)
}

function written(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  texts: readonly (readonly string[])[],
  widths: readonly number[],
  head: (text: string) => string,
): string {
  const titles = columns.map(({ title }) => title)
  const lines = rows.map((row, r) => line(columns, texts[r] as string[], widths, i => row[i]?.paint))
  return `${[line(columns, titles, widths, () => head), ...lines].join('\n')}\n`
}

/** Undefined where there is too little room. */
function widthsOf(
  columns: readonly Column[],
  texts: readonly (readonly string[])[],
  width: number,
): number[] | undefined {
  const natural = columns.map(({ title }, i) => Math.max(title.length, ...texts.map(row => textWidth(row[i] ?? ''))))
  const flexible = columns.flatMap((column, i) => (column.flexible ? [i] : []))
  const sum = (indices: readonly number[]): number => indices.reduce((total, i) => total + (natural[i] as number), 0)
  const fixed = sum([...columns.keys()].filter(i => !flexible.includes(i)))
  let room = width - fixed - GAP.length * (columns.length - 1)
  // The narrow ones first: what they do not need is for the others.
  const least = columns.some(({ expendable }) => expendable) ? MIN_NAME : MIN_FLEXIBLE
  const order = flexible.sort((a, b) => (natural[a] as number) - (natural[b] as number))
  for (const [n, i] of order.entries()) {
    const share = Math.floor(room / (order.length - n))
    if (share < Math.min(columns[i]?.expendable ? MIN_FLEXIBLE : least, natural[i] as number)) return undefined
    natural[i] = Math.min(natural[i] as number, share)
    room -= natural[i]
  }
  return room < 0 ? undefined : natural
}

function line(
  columns: readonly Column[],
  texts: readonly string[],
  widths: readonly number[],
  paintOf: (i: number) => Cell['paint'],
): string {
  const last = columns.length - 1
  const cells = columns.map(({ align }, i) => {
    const text = truncate(texts[i] ?? '', widths[i] as number)
    const padding = ' '.repeat(Math.max(0, (widths[i] as number) - textWidth(text)))
    const painted = (paintOf(i) ?? (each => each))(text)
    if (align === 'right') return padding + painted
    return i === last ? painted : painted + padding
  })
  return cells.join(GAP).trimEnd()
}
