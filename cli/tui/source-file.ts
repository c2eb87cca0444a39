import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, isAbsolute, join, relative } from 'node:path'
import type { Site } from '../../model/index.ts'
import { framesOf } from '../../runtime/exporters/traceback.ts'
import type { Entry, Node } from './trace-document.ts'

/** A place in a file on this machine. */
export interface Place {
  readonly path: string
  readonly line: number
  readonly column: number
}

/** Bytes: what is larger is no source that a person wrote. */
const MAX_FILE = 4_000_000
const MAX_CACHED = 64

/**
 * Finds the sources of sites, whose files are told relative to a project that is not: the current directory, one above it, or one that
 * tracebacks have shown.
 */
export class SourceFiles {
  readonly #cwd: string
  readonly #roots = new Set<string>()
  readonly #places = new Map<string, string | undefined>()
  readonly #lines = new Map<string, { readonly changed: number; readonly lines: readonly string[] }>()

  constructor(cwd: string) {
    this.#cwd = cwd
    for (let folder = cwd; ; folder = dirname(folder)) {
      this.#roots.add(folder)
      if (dirname(folder) === folder) break
    }
  }

  /** Looks for roots of projects in the tracebacks of a trace. */
  learn(nodes: readonly Node[]): void {
    for (const { entry, span } of nodes) {
      const stack = stackOf(entry)
      if (stack === undefined || span.site === undefined || isAbsolute(span.site.file)) continue
      const end = `/${span.site.file}`
      const frame = framesOf(stack).find(({ path }) => path?.replaceAll('\\', '/').endsWith(end))
      const root = frame?.path?.slice(0, -end.length)
      if (root === undefined || this.#roots.has(root)) continue
      this.#roots.add(root)
      this.#places.clear()
    }
  }

  /** Of what a row is about: where an error was thrown, else where its function is. */
  place({ entry, span }: Node): Place | undefined {
    return thrownAt(entry) ?? (span.site && this.placeOf(span.site))
  }

  placeOf({ file, line, column }: Site): Place | undefined {
    if (!this.#places.has(file)) this.#places.set(file, this.#find(file))
    const path = this.#places.get(file)
    return path === undefined ? undefined : { path, line, column }
  }

  /** As seen from the current directory, where it is inside it. */
  shorten(path: string): string {
    const short = relative(this.#cwd, path)
    return short === '' || short.startsWith('..') || isAbsolute(short) ? path : short
  }

  /** All lines of the file; none where it cannot be read. */
  lines(path: string): readonly string[] {
    const stats = statSync(path, { throwIfNoEntry: false })
    if (!stats?.isFile() || stats.size > MAX_FILE) return []
    const known = this.#lines.get(path)
    if (known?.changed === stats.mtimeMs) return known.lines
    const lines = readLines(path)
    if (this.#lines.size >= MAX_CACHED) this.#lines.clear()
    this.#lines.set(path, { changed: stats.mtimeMs, lines })
    return lines
  }

  #find(file: string): string | undefined {
    if (isAbsolute(file)) return existsSync(file) ? file : undefined
    if (/(^|[\\/])\.\.([\\/]|$)/.test(file))
      return existsSync(join(this.#cwd, file)) ? join(this.#cwd, file) : undefined
    return [...this.#roots].map(root => join(root, file)).find(path => existsSync(path))
  }
}

function readLines(path: string): readonly string[] {
  try {
    return readFileSync(path, 'utf8').split(/\r?\n/)
  } catch {
    return []
  }
}

function stackOf(entry: Entry): string | undefined {
  if (entry.kind === 'error') return entry.error.kind === 'error' ? entry.error.stack : undefined
  return entry.kind === 'message' ? entry.message.error?.stack : undefined
}

/** The program's own frame that is nearest to the throw, where its file is here. */
function thrownAt(entry: Entry): Place | undefined {
  const stack = stackOf(entry)
  if (stack === undefined) return undefined
  const frame = framesOf(stack).find(({ path, origin }) => path !== undefined && origin === undefined)
  if (frame?.path === undefined || !existsSync(frame.path)) return undefined
  return { path: frame.path, line: frame.line, column: frame.column }
}
