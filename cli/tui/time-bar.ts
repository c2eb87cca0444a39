/** When a span ran, as a part of the time that the whole trace took: 0 to 1. */
export interface Stretch {
  readonly from: number
  readonly to: number
}

/** A line from where it began to where it ended, to half a column: `  ╺━━╸   `. What is short is half a column long. */
export function timeBar({ from, to }: Stretch, width: number): string {
  const halves = width * 2
  const first = Math.min(Math.max(0, Math.floor(from * halves)), halves - 1)
  const last = Math.max(first, Math.min(Math.ceil(to * halves), halves) - 1)
  let bar = ''
  for (let column = 0; column < width; column++) {
    const left = first <= column * 2 && column * 2 <= last
    const right = first <= column * 2 + 1 && column * 2 + 1 <= last
    bar += left && right ? '━' : left ? '╸' : right ? '╺' : ' '
  }
  return bar
}

/** A point in time. */
export function timeMark(at: number, width: number, sign: string): string {
  const column = Math.min(Math.max(0, Math.floor(at * width)), width - 1)
  return ' '.repeat(column) + sign + ' '.repeat(width - column - 1)
}
