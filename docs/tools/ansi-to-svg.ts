/**
 * Turns what a program printed on a terminal into a picture of that terminal (SVG), for the README:
 *
 *     node docs/tools/ansi-to-svg.ts < output.ansi > picture.svg
 *
 * Understands the SGR codes of bold, dim, italic, underline, inverse and the 16 colours, and OSC 8 links; drops every
 * other escape sequence.
 */
import { text as readAll } from 'node:stream/consumers'

export interface SvgOptions {
  /** In the window's title bar. */
  readonly title?: string
  /** Columns; as many as the widest line has unless told. */
  readonly columns?: number
}

interface Look {
  readonly bold?: boolean
  readonly dim?: boolean
  readonly italic?: boolean
  readonly underline?: boolean
  readonly inverse?: boolean
  readonly colour?: string
  readonly background?: string
}

/** Text of one look; `column` is where it begins. */
interface Run {
  readonly text: string
  readonly look: Look
  readonly link: string
  readonly column: number
  readonly width: number
}

const FONT_SIZE = 14
/** Width of a character and height of a line, in pixels; `textLength` makes every font keep to the width. */
const CELL = 8.43
const LINE = 20
const PADDING = 18
const TITLE_BAR = 36

const BACKGROUND = '#1b1d23'
const FOREGROUND = '#d7dae0'
/** Black, red, green, yellow, blue, magenta, cyan, white; then the bright ones. */
const PALETTE = [
  ...['#3b4048', '#f0717b', '#98c379', '#e5c07b', '#61afef', '#c678dd', '#56b6c2', '#d7dae0'],
  ...['#7a8190', '#ff8b94', '#b5e08d', '#ffd88a', '#85c8ff', '#dd9cf0', '#7fd7e2', '#ffffff'],
]
const DIM = 0.62

/** The picture of `ansi` as an SVG document. */
export function ansiToSvg(ansi: string, options: SvgOptions = {}): string {
  const lines = parse(ansi.replace(/\s+$/, ''))
  const columns = options.columns ?? Math.max(...lines.map(lineWidth), 1)
  const width = Math.ceil(columns * CELL + 2 * PADDING)
  const height = lines.length * LINE + TITLE_BAR + PADDING
  const body = lines.flatMap((runs, row) => runs.map(run => drawRun(run, TITLE_BAR + row * LINE)))
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<rect width="${width}" height="${height}" rx="10" fill="${BACKGROUND}"/>`,
    ...['#ff5f57', '#febc2e', '#28c840'].map((fill, i) => `<circle cx="${20 + i * 20}" cy="18" r="6" fill="${fill}"/>`),
    options.title === undefined ? '' : title(options.title, width),
    `<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${FONT_SIZE}" xml:space="preserve">`,
    ...body,
    '</g>',
    '</svg>',
    '',
  ]
    .filter(line => line !== '')
    .join('\n')
    .concat('\n')
}

function title(text: string, width: number): string {
  return `<text x="${width / 2}" y="22" fill="#7a8190" font-family="system-ui, sans-serif" font-size="12" text-anchor="middle">${escapeXml(text)}</text>`
}

function drawRun({ text, look, link, column, width }: Run, top: number): string {
  const [colour, background] = look.inverse
    ? [look.background ?? BACKGROUND, look.colour ?? FOREGROUND]
    : [look.colour ?? FOREGROUND, look.background]
  const [x, length] = [pixels(PADDING + column * CELL), pixels(width * CELL)]
  const box = background ? `<rect x="${x}" y="${top + 1}" width="${length}" height="${LINE - 2}" rx="2" fill="${background}"/>` : ''
  // Viewers differ in what they do with blanks at the ends, so there are none.
  const shown = text.trim()
  if (shown === '') return box
  const blanks = text.length - text.trimStart().length
  const [textX, textLength] = [pixels(PADDING + (column + blanks) * CELL), pixels((width - text.length + shown.length) * CELL)]
  const attributes = [
    `x="${textX}" y="${top + 15}" fill="${colour}" textLength="${textLength}"`,
    look.bold ? 'font-weight="700"' : '',
    look.dim ? `opacity="${DIM}"` : '',
    look.italic ? 'font-style="italic"' : '',
    look.underline ? 'text-decoration="underline"' : '',
  ]
  const drawn = `${box}<text ${attributes.filter(Boolean).join(' ')}>${escapeXml(shown)}</text>`
  return /^https?:/.test(link) ? `<a href="${escapeXml(link)}">${drawn}</a>` : drawn
}

function pixels(value: number): string {
  return value.toFixed(2)
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
const SEQUENCE = /\x1b\[([\d;:]*)m|\x1b\]8;[^;]*;([^\x07\x1b]*)(?:\x07|\x1b\\)|\x1b\[[\d;:?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b./g

function parse(ansi: string): Run[][] {
  let look: Look = {}
  let link = ''
  return ansi.split(/\r?\n/).map(line => {
    const runs: Run[] = []
    let column = 0
    let done = 0
    const add = (end: number): void => {
      for (const [text, width] of evenRuns(line.slice(done, end))) {
        runs.push({ text, look, link, column, width })
        column += width
      }
    }
    for (const match of line.matchAll(SEQUENCE)) {
      add(match.index)
      done = match.index + match[0].length
      if (match[1] !== undefined) look = applySgr(look, match[1])
      else if (match[2] !== undefined) link = match[2]
    }
    add(line.length)
    return runs
  })
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })
const WIDE = /^(?:\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6])/u

/** Text cut where wide characters begin and end, and between box drawings, so that everything stays in its column. */
function* evenRuns(text: string): Generator<[text: string, width: number]> {
  let run = ''
  for (const { segment } of graphemes.segment(text)) {
    if (/^[ -~\u00a0-\u024f]$/.test(segment)) {
      run += segment
      continue
    }
    if (run !== '') yield [run, run.length]
    run = ''
    yield [segment, WIDE.test(segment) ? 2 : 1]
  }
  if (run !== '') yield [run, run.length]
}

function applySgr(look: Look, codes: string): Look {
  return codes.split(/[;:]/).reduce((now, code) => applyCode(now, Number(code)), look)
}

function applyCode(look: Look, code: number): Look {
  if (code === 0) return {}
  const on = SWITCHES[code]
  if (on) return { ...look, ...on }
  const slot = code >= 90 ? code - 90 + 8 : code - 30
  if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) return { ...look, colour: PALETTE[slot]! }
  if ((code >= 40 && code <= 47) || (code >= 100 && code <= 107)) return { ...look, background: PALETTE[slot - 10]! }
  return code === 39 || code === 49 ? without(look, code === 39 ? 'colour' : 'background') : look
}

const SWITCHES: { readonly [code: number]: Look } = {
  1: { bold: true },
  2: { dim: true },
  3: { italic: true },
  4: { underline: true },
  7: { inverse: true },
  22: { bold: false, dim: false },
  23: { italic: false },
  24: { underline: false },
  27: { inverse: false },
}

function without(look: Look, name: 'colour' | 'background'): Look {
  const { [name]: _, ...rest } = look
  return rest
}

function lineWidth(runs: readonly Run[]): number {
  const last = runs.at(-1)
  return last ? last.column + last.width : 0
}

function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: XML has no way to write them
    .replace(/[\x00-\x08\x0b-\x1f]/g, '')
}

if (import.meta.main) process.stdout.write(ansiToSvg(await readAll(process.stdin)))
