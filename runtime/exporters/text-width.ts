/**
 * How many columns text takes on a terminal, and cutting it to fit. Knows what matters in practice: wide East Asian
 * characters and emoji take two columns, combining marks none. Text is expected to be printable (`printable.ts`).
 */

/** Latin and the signs and box drawings that trees are made of: one column a character. */
const NARROW = /^[\x20-\x7e\u00a1-\u02ff\u2010-\u2027\u2030-\u205e\u2190-\u21ff\u22ef\u2500-\u259f\u2717]*$/
const WIDE =
  /^(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f|\p{Regional_Indicator}{2}|[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}])/u
const INVISIBLE = /^[\p{Mn}\p{Me}\p{Cf}]+$/u

/** UTF-16 units that are looked at for each column that there is: of a huge text the beginning is enough. */
const UNITS_A_COLUMN = 12

let segmenter: Intl.Segmenter | undefined

/** Made when text needs it: to make one takes as long as loading the rest of the runtime. */
function graphemes(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' })
  return segmenter.segment(text)
}

/** Columns that `text` takes. */
export function textWidth(text: string): number {
  if (NARROW.test(text)) return text.length
  let width = 0
  for (const { segment } of graphemes(text)) width += graphemeWidth(segment)
  return width
}

/** `text` in at most `width` columns; what had to be cut ends with `…`. */
export function truncate(text: string, width: number): string {
  if (text.length > width * UNITS_A_COLUMN) return cut(text.slice(0, width * UNITS_A_COLUMN), width)
  return textWidth(text) <= width ? text : cut(text, width)
}

/** The end of `text` in at most `width` columns; what had to be cut begins with `…`. */
export function truncateStart(text: string, width: number): string {
  if (textWidth(text) <= width) return text
  const segments = Array.from(graphemes(text), ({ segment }) => segment)
  let start = segments.length
  for (let used = 1; start > 0 && (used += graphemeWidth(segments[start - 1]!)) <= width; start--);
  return width < 1 ? '' : `…${segments.slice(start).join('')}`
}

/** The beginning of `text` and `…`, in at most `width` columns. */
export function cut(text: string, width: number): string {
  return width < 1 ? '' : `${takeColumns(text, width - 1)}…`
}

/**
 * `text` on lines of at most `width` columns (`firstWidth` for the first), broken at spaces where words are short
 * enough; at most `maxLines`, then `…`.
 */
export function wrap(text: string, width: number, maxLines: number, firstWidth: number = width): string[] {
  const most = width * maxLines * UNITS_A_COLUMN
  const lines: string[] = []
  let rest = text.length > most ? `${text.slice(0, most)}…` : text
  for (let room = firstWidth; textWidth(rest) > room; room = width) {
    if (lines.length + 1 >= maxLines) return [...lines, truncate(rest, room)]
    const line = takeLine(rest, room, width)
    lines.push(line.trimEnd())
    rest = rest.slice(line.length).trimStart()
  }
  return [...lines, rest]
}

/** `next`: the width of the lines to come. */
function takeLine(text: string, width: number, next: number): string {
  const line = takeColumns(text, width)
  if (text[line.length] === ' ') return line
  const start = line.lastIndexOf(' ') + 1
  if (start === 0 && width === next) return line
  const end = text.indexOf(' ', start)
  const word = text.slice(start, end < 0 ? undefined : end)
  return textWidth(word) <= next ? text.slice(0, start) : line
}

/** As much of the beginning of `text` as fits, and at least one character when `width` is above 0. */
function takeColumns(text: string, width: number): string {
  if (NARROW.test(text)) return text.slice(0, width)
  let used = 0
  for (const { segment, index } of graphemes(text)) {
    used += graphemeWidth(segment)
    if (used > width) return text.slice(0, index || (width > 1 ? segment.length : 0))
  }
  return text
}

function graphemeWidth(grapheme: string): number {
  if (WIDE.test(grapheme)) return 2
  return INVISIBLE.test(grapheme) ? 0 : 1
}
