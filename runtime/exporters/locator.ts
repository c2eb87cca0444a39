import { existsSync } from 'node:fs'
import { dirname, isAbsolute, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Site } from '../../model/index.ts'
import { styles } from './colours.ts'
import { fileLink } from './hyperlink.ts'
import type { Piece } from './line.ts'
import { printable } from './printable.ts'

/** Directories to look into above a module before a site's file counts as not on this machine. */
const MAX_DIRECTORIES = 64
/** Places remembered; beyond it the memory starts anew. */
const MAX_CACHED = 10_000

export interface LocatorOptions {
  readonly cwd: string
  readonly exists?: (path: string) => boolean
}

/**
 * Finds a site's file on this machine. `site.file` is relative to the root of a project that is not known here,
 * `site.module` is where the running module lies: somewhere in that project. So the first directory upwards from the
 * module in which `file` exists is the root.
 */
export class Locator {
  readonly #cwd: string
  readonly #exists: (path: string) => boolean
  readonly #found = new Map<string, string | undefined>()

  constructor(options: LocatorOptions) {
    this.#cwd = options.cwd
    this.#exists = options.exists ?? existsSync
  }

  /** `src/order.ts:12:3`, with a link where the file was found. */
  piece(site: Site): Piece {
    const path = this.path(site)
    const file = path === undefined ? site.file : this.shorten(path)
    const text = `${printable(file)}:${site.line}:${site.column}`
    if (path === undefined) return { text, style: styles.location }
    return { text, style: styles.location, link: fileLink(path, site.line, site.column) }
  }

  /** Absolute path of the site's file; `undefined` where it is not on this machine. */
  path(site: Site): string | undefined {
    const key = `${site.module ?? ''}\n${site.file}`
    if (this.#found.has(key)) return this.#found.get(key)
    if (this.#found.size >= MAX_CACHED) this.#found.clear()
    const path = this.#find(site)
    this.#found.set(key, path)
    return path
  }

  /** `path` as seen from the current directory, where it is inside it. */
  shorten(path: string): string {
    const short = relative(this.#cwd, path)
    return short === '' || short.startsWith('..') || isAbsolute(short) ? path : short
  }

  #find(site: Site): string | undefined {
    if (isAbsolute(site.file)) return this.#exists(site.file) ? site.file : undefined
    const module = modulePath(site.module)
    let directory = module === undefined ? this.#cwd : dirname(module)
    for (let i = 0; i < MAX_DIRECTORIES; i++) {
      const candidate = join(directory, site.file)
      if (this.#exists(candidate)) return candidate
      const parent = dirname(directory)
      if (module === undefined || parent === directory) return undefined
      directory = parent
    }
    return undefined
  }
}

function modulePath(module: string | undefined): string | undefined {
  if (module === undefined || isAbsolute(module)) return module
  try {
    return fileURLToPath(module)
  } catch {
    return undefined
  }
}
