import { isUtf8 } from 'node:buffer'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type BuiltFile, instrumentBuilt } from '../../transformer/adapters/built-file.ts'
import { type ContentCache, openCache } from '../../transformer/cache.ts'
import { diagnostic } from '../../transformer/diagnostics.ts'
import { sitePath } from '../../transformer/match.ts'
import type { SelectOptions } from '../../transformer/options.ts'
import type { Diagnostic } from '../../transformer/plan.ts'
import { isJavaScript } from './built-files.ts'

/** What became of the files so far. */
export interface Tally {
  /** Files of JavaScript that were read. */
  files: number
  /** Of these, written anew. */
  changed: number
  /** Instrumented by an earlier run. */
  before: number
  /** Left as they are, with a diagnostic. */
  unreadable: number
  /** Copied as they are: what is no JavaScript, and what was not changed. */
  copied: number
  functions: number
  refused: number
  skipped: number
  excluded: number
}

/** A directory of built files, to be instrumented in place or, with `out`, on the way to another. Paths are absolute. */
export class BuiltDirectory {
  readonly tally: Tally = {
    ...{ files: 0, changed: 0, before: 0, unreadable: 0, copied: 0 },
    ...{ functions: 0, refused: 0, skipped: 0, excluded: 0 },
  }
  readonly #directory: string
  readonly #out: string | undefined
  readonly #options: SelectOptions & { readonly root: string }
  readonly #cache: ContentCache | undefined
  /** Maps that were written with their file: not to be overwritten by copies of the old ones. */
  readonly #maps = new Set<string>()

  constructor(directory: string, out: string | undefined, options: SelectOptions & { readonly root: string }) {
    this.#directory = directory
    this.#out = out
    this.#options = options
    this.#cache = openCache(options.root, process.env)
  }

  /** Instruments a file of the directory, or copies it. Returns what there is to say. Throws what the file system throws. */
  add(path: string): readonly Diagnostic[] {
    if (!isJavaScript(path)) {
      this.#copy(path)
      return []
    }
    this.tally.files++
    const bytes = readFileSync(path)
    const result = isUtf8(bytes) ? this.#instrument(bytes.toString('utf8'), path) : undefined
    if (!result?.changed) this.#copy(path)
    if (result) return result.diagnostics
    this.tally.unreadable++
    return [diagnostic('SPT1006', {}, sitePath(path, this.#options.root))]
  }

  #instrument(text: string, path: string): BuiltFile {
    const result = instrumentBuilt(text, path, this.#options, each => this.#target(each), this.#cache)
    this.#count(result)
    if (!result.changed) return result
    // The map first: a file whose map is late is worse than a map whose file is.
    if (result.map) this.#write(result.map.path, result.map.text)
    if (result.map) this.#maps.add(result.map.path)
    this.#write(this.#target(path), result.code)
    return result
  }

  #target(path: string): string {
    if (this.#out === undefined || !path.startsWith(this.#directory)) return path
    return join(this.#out, path.slice(this.#directory.length))
  }

  #write(path: string, text: string): void {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }

  #copy(path: string): void {
    const target = this.#target(path)
    if (target === path || this.#maps.has(target)) return
    mkdirSync(dirname(target), { recursive: true })
    copyFileSync(path, target)
    this.tally.copied++
  }

  #count({ changed, before, diagnostics, sites, refused, skipped, excluded }: BuiltFile): void {
    const { tally } = this
    tally.changed += changed ? 1 : 0
    tally.before += before ? 1 : 0
    tally.unreadable += diagnostics.some(({ code }) => /^SPT100[15]$/.test(code)) ? 1 : 0
    tally.functions += sites.length
    tally.refused += refused.length
    tally.skipped += skipped.length
    tally.excluded += excluded.length
  }
}
