import { styles } from '../../runtime/exporters/colours.ts'
import { fitLine, type Line } from '../../runtime/exporters/line.ts'
import { printable } from '../../runtime/exporters/printable.ts'
import { muted, plain } from './look.ts'
import type { Place, SourceFiles } from './source-file.ts'

/** Lines of the source around a place, its own marked; none where the file is not on this machine. */
export function excerpt(sources: SourceFiles, place: Place | undefined, height: number, width: number): Line[] {
  if (place === undefined || height <= 0) return []
  const lines = sources.lines(place.path)
  if (place.line > lines.length) return []
  const from = Math.max(1, Math.min(place.line - Math.floor((height - 1) / 3), lines.length - height + 1))
  const last = Math.min(from + height - 1, lines.length)
  const digits = String(last).length
  return Array.from({ length: last - from + 1 }, (_, i) => {
    const number = from + i
    const text = printable((lines[number - 1] ?? '').replaceAll('\t', '  '))
    const margin = `${String(number).padStart(digits)} │ `
    if (number !== place.line) return fitLine([muted(`  ${margin}`), muted(text)], width)
    return fitLine([{ text: `› ${margin}`, style: styles.own }, plain(text)], width)
  })
}

export function placeText({ path, line, column }: Place, sources: SourceFiles): string {
  return printable(`${sources.shorten(path)}:${line}:${column}`)
}
