import { diff } from 'node:util'
import kleur from 'kleur'

/** Lines around a change that are shown with it. */
const CONTEXT = 3

interface DiffLine {
  readonly kind: ' ' | '-' | '+'
  readonly text: string
}

/**
 * The change from one text to another as a unified diff, coloured where kleur is on; empty where there is none. `before`
 * and `after` are the names in its head; a file that is new has `/dev/null` before.
 */
export function unifiedDiff(
  names: { readonly before: string; readonly after: string },
  before: string,
  after: string,
): string {
  const lines = changes(before, after)
  const hunks = hunksOf(lines)
  if (hunks.length === 0) return ''
  const head = [kleur.bold(`--- ${names.before}`), kleur.bold(`+++ ${names.after}`)]
  return `${[...head, ...hunks.flatMap(hunk => written(lines, hunk))].join('\n')}\n`
}

function changes(before: string, after: string): DiffLine[] {
  const [old, now] = [linesOf(before), linesOf(after)]
  // Equal ends are left out of the comparison, whose time grows with the square of what differs.
  let head = 0
  while (head < old.length && head < now.length && old[head] === now[head]) head++
  let tail = 0
  while (tail < old.length - head && tail < now.length - head && old.at(-1 - tail) === now.at(-1 - tail)) tail++
  const middle = compare(old.slice(head, old.length - tail), now.slice(head, now.length - tail))
  const same = (text: string): DiffLine => ({ kind: ' ', text })
  return [...old.slice(0, head).map(same), ...middle, ...old.slice(old.length - tail).map(same)]
}

function compare(old: readonly string[], now: readonly string[]): DiffLine[] {
  // Line by line where no line was added: what instrumentation does.
  if (old.length === now.length) return inPlace(old, now)
  const found = diff(now, old).map(
    ([kind, text]): DiffLine => ({ kind: kind === 0 ? ' ' : kind > 0 ? '+' : '-', text }),
  )
  return removalsFirst(found)
}

function inPlace(old: readonly string[], now: readonly string[]): DiffLine[] {
  const lines = old.flatMap((text, i): DiffLine[] => {
    const other = now[i] as string
    return text === other
      ? [{ kind: ' ', text }]
      : [
          { kind: '-', text },
          { kind: '+', text: other },
        ]
  })
  return removalsFirst(lines)
}

/** Of lines that were changed together, those that went come before those that came. */
function removalsFirst(lines: readonly DiffLine[]): DiffLine[] {
  const sorted: DiffLine[] = []
  let run: DiffLine[] = []
  const flush = (): void => {
    sorted.push(...run.filter(({ kind }) => kind === '-'), ...run.filter(({ kind }) => kind === '+'))
    run = []
  }
  for (const line of lines) {
    if (line.kind !== ' ') run.push(line)
    else {
      flush()
      sorted.push(line)
    }
  }
  flush()
  return sorted
}

interface Hunk {
  readonly start: number
  readonly end: number
}

function hunksOf(lines: readonly DiffLine[]): Hunk[] {
  const hunks: Hunk[] = []
  for (const [i, { kind }] of lines.entries()) {
    if (kind === ' ') continue
    const last = hunks.at(-1)
    const end = Math.min(lines.length, i + 1 + CONTEXT)
    if (last && i - CONTEXT <= last.end) hunks[hunks.length - 1] = { start: last.start, end }
    else hunks.push({ start: Math.max(0, i - CONTEXT), end })
  }
  return hunks
}

function written(lines: readonly DiffLine[], { start, end }: Hunk): string[] {
  const count = (from: number, to: number, without: '-' | '+'): number =>
    lines.slice(from, to).filter(({ kind }) => kind !== without).length
  const range = (without: '-' | '+'): string => {
    const length = count(start, end, without)
    const before = count(0, start, without)
    return length === 1 ? `${before + 1}` : `${length === 0 ? before : before + 1},${length}`
  }
  return [kleur.cyan(`@@ -${range('+')} +${range('-')} @@`), ...lines.slice(start, end).map(paint)]
}

function paint({ kind, text }: DiffLine): string {
  const line = kind + text
  return kind === '+' ? kleur.green(line) : kind === '-' ? kleur.red(line) : line
}

function linesOf(text: string): string[] {
  if (text === '') return []
  const lines = text.split('\n')
  // A last line without its break is told apart from one that has it.
  if (lines.at(-1) === '') lines.pop()
  else lines[lines.length - 1] += '\n\\ No newline at end of file'
  return lines
}
