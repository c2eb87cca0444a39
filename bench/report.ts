/**
 * What the benchmarks share: figures of many rounds, and `docs/benchmarks.md`, in which each benchmark has a section of its own
 * that `--write` replaces with what it has just measured. Nothing there is written by hand but what is around the sections.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'

const PAGE = fileURLToPath(new URL('../docs/benchmarks.md', import.meta.url))

/** What the command line says: `--write`, and a number of rounds. */
export function benchArguments(rounds: number): { readonly write: boolean; readonly rounds: number } {
  const [count] = process.argv.slice(2).filter(each => /^\d+$/.test(each))
  return { write: process.argv.includes('--write'), rounds: Number(count ?? rounds) }
}

/** The value below which a part of the values lies: 0.5 is the median. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] as number
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** Where it was measured: `Node 24.21.0, 2 × Some CPU, linux x64`. */
export function machine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor'
  return `Node ${process.versions.node}, ${cpus().length} × ${model}, ${process.platform} ${process.arch}`
}

/** A table of Markdown, its columns aligned: the first to the left, all others to the right. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((_, i) => Math.max(...[header, ...rows].map(row => (row[i] ?? '').length)))
  const line = (row: readonly string[]): string => {
    const cells = widths.map((width, i) => (i === 0 ? (row[i] ?? '').padEnd(width) : (row[i] ?? '').padStart(width)))
    return `| ${cells.join(' | ')} |`
  }
  const rule = widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`))
  return [line(header), line(rule), ...rows.map(line)].join('\n')
}

/** Puts the text between the markers of a section of `docs/benchmarks.md`. Throws where the page has no such section. */
export function writeSection(name: string, text: string): void {
  const [begin, end] = [`<!-- ${name}: made by its benchmark -->`, `<!-- end of ${name} -->`]
  const page = readFileSync(PAGE, 'utf8')
  const [from, to] = [page.indexOf(begin), page.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`docs/benchmarks.md has no section ${name}`)
  writeFileSync(PAGE, `${page.slice(0, from + begin.length)}\n\n${text.trim()}\n\n${page.slice(to)}`)
}
