import { isAbsolute } from 'node:path'
import { fileURLToPath } from 'node:url'
import { styles } from './colours.ts'
import { fileLink } from './hyperlink.ts'
import { fitLine, type Line, lineWidth, type Piece } from './line.ts'
import type { Locator } from './locator.ts'
import { printable } from './printable.ts'

/** Frames of a traceback that are shown; a stack without a limit can have thousands. */
const MAX_FRAMES = 40

interface Frame {
  /** As V8 wrote it: `async OrderService.checkout`. Absent for code outside functions. */
  readonly name: string | undefined
  /** Absolute path; `undefined` for frames of Node itself and of generated code. */
  readonly path: string | undefined
  readonly line: number
  readonly column: number
  /** What V8 wrote in place of a path. */
  readonly place: string
  /** `node`, or the package's name; `undefined` for the program's own code. */
  readonly origin: string | undefined
}

/** The frames of a stack as lines: the program's own stand out, neighbours that are not are one dim line. */
export function tracebackLines(stack: string, locator: Locator, room: number): Line[] {
  const frames = framesOf(stack)
  const lines: Line[] = []
  for (let i = 0; i < frames.length; ) {
    if (lines.length >= MAX_FRAMES)
      return [...lines, [{ text: `⋯ ${frames.length - i} more frames`, style: styles.muted }]]
    const end = foreignEnd(frames, i)
    if (end === i) lines.push(...ownLines(frames[i]!, locator, room))
    else lines.push(fitLine(foreignLine(frames.slice(i, end)), room))
    i = Math.max(end, i + 1)
  }
  return lines
}

/** The lines of V8's text that are frames; those above are the error's message. */
export function framesOf(stack: string): Frame[] {
  const lines = stack.split('\n')
  return lines.filter(line => /^\s+at /.test(line)).map(line => parseFrame(line.trim().slice('at '.length)))
}

function parseFrame(text: string): Frame {
  const [, name, inside] = /^(.*?) \((.*)\)$/.exec(text) ?? []
  const [, place = inside ?? text, line = '0', column = '0'] = /^(.*):(\d+):(\d+)$/.exec(inside ?? text) ?? []
  const path = pathOf(place.replace(/^async /, ''))
  return { name, path, line: Number(line), column: Number(column), place, origin: originOf(place, path) }
}

function pathOf(place: string): string | undefined {
  if (isAbsolute(place)) return place
  if (!place.startsWith('file://')) return undefined
  try {
    return fileURLToPath(place)
  } catch {
    return undefined
  }
}

const PACKAGE = /.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/

function originOf(place: string, path: string | undefined): string | undefined {
  // `native`, `<anonymous>` and `index 0` (of `Promise.all`) are the engine's own.
  if (path === undefined) return /^(?:node:|native$|<anonymous>$|index \d+$)/.test(place) ? 'node' : 'generated code'
  return PACKAGE.exec(path)?.[1]
}

function foreignEnd(frames: readonly Frame[], start: number): number {
  let end = start
  while (frames[end]?.origin !== undefined) end++
  return end
}

/** `at checkout (src/order.ts:15:9)`; where that is too wide, the place is below, so that it can be clicked. */
function ownLines(frame: Frame, locator: Locator, room: number): Line[] {
  const place = placeOf(frame, locator)
  if (frame.name === undefined) return [fitLine([at, place], room)]
  const name: Piece = { text: printable(frame.name) }
  const line: Line = [at, name, { text: ' (', style: styles.muted }, place, { text: ')', style: styles.muted }]
  return lineWidth(line) <= room ? [line] : [fitLine([at, name], room), fitLine([{ text: '   ' }, place], room)]
}

const at: Piece = { text: 'at ', style: styles.muted }

function placeOf(frame: Frame, locator: Locator): Piece {
  const { path, line, column } = frame
  const position = `:${line}:${column}`
  if (path === undefined) return { text: printable(frame.place) + position, style: styles.own }
  const text = printable(locator.shorten(path)) + position
  return { text, style: styles.own, link: fileLink(path, line, column) }
}

function foreignLine(frames: readonly Frame[]): Line {
  const origins = [...new Set(frames.map(frame => printable(frame.origin ?? '')))]
  const count = frames.length === 1 ? '1 frame' : `${frames.length} frames`
  return [{ text: `⋯ ${count} of ${origins.join(', ')}`, style: styles.muted }]
}
