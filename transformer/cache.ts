import { hash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, extname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ownPackage } from './adapters/own-package.ts'

/** Bounds of one cache; what was written first goes first, down to half. */
const MAX_ENTRIES = 5_000
const MAX_BYTES = 256 * 1024 * 1024
/** A single text beyond this, in UTF-16 units, is not worth its place. */
const MAX_LENGTH = 8 * 1024 * 1024

/**
 * What work on a text has led to, kept on disk by what it depended on: an unchanged file costs a hash and a read. One
 * file an entry, with a checksum; an entry that is not as it was written counts as absent. Never throws: without a place
 * to write to, nothing is kept.
 */
export class ContentCache {
  readonly #directory: string
  #ready = false

  /** The directory is made when there is something to keep. */
  constructor(directory: string) {
    this.#directory = directory
  }

  /** The value kept under a key (`cacheKey`). */
  get(key: string): string | undefined {
    try {
      const entry = readFileSync(join(this.#directory, key), 'utf8')
      const end = entry.indexOf('\n')
      const value = entry.slice(end + 1)
      return entry.slice(0, end) === checksum(value) ? value : undefined
    } catch {
      return undefined
    }
  }

  /** The value kept under a key, or what `make` makes of it, which is then kept. JSON: no functions, no `undefined`. */
  remembered<T>(key: string, make: () => T): T {
    const known = this.get(key)
    if (known !== undefined) return JSON.parse(known) as T
    const value = make()
    this.set(key, JSON.stringify(value))
    return value
  }

  set(key: string, value: string): void {
    if (value.length > MAX_LENGTH) return
    try {
      if (!this.#ready) this.#prepare()
      // Under a name of its own first: another process may be reading, or writing the same.
      const draft = join(this.#directory, `${key}.${process.pid}`)
      writeFileSync(draft, `${checksum(value)}\n${value}`)
      renameSync(draft, join(this.#directory, key))
    } catch {
      // No room, no right, or no directory any more: the work is done all the same.
      this.#ready = false
    }
  }

  /** Once a process: what it writes by itself is far below the bounds. */
  #prepare(): void {
    mkdirSync(this.#directory, { recursive: true })
    this.#makeRoom()
    this.#ready = true
  }

  #makeRoom(): void {
    const names = readdirSync(this.#directory)
    const entries = names.flatMap(name => {
      const path = join(this.#directory, name)
      const stat = statSync(path, { throwIfNoEntry: false })
      return stat ? [{ path, size: stat.size, time: stat.mtimeMs }] : []
    })
    let bytes = entries.reduce((sum, { size }) => sum + size, 0)
    let count = entries.length
    if (count <= MAX_ENTRIES && bytes <= MAX_BYTES) return
    for (const { path, size } of entries.sort((a, b) => a.time - b.time)) {
      if (count <= MAX_ENTRIES / 2 && bytes <= MAX_BYTES / 2) return
      rmSync(path, { force: true })
      bytes -= size
      count--
    }
  }
}

/** A key for everything that a result depends on; the version of span-tree is in every one. */
export function cacheKey(...parts: readonly unknown[]): string {
  return hash('sha256', JSON.stringify([BUILD, process.version, ...parts]))
}

/**
 * The cache of a project: `node_modules/.cache/span-tree` of the nearest `node_modules` upwards. `SPAN_TREE_CACHE` in the
 * environment names another directory, or is `off`. Undefined where there is none.
 */
export function openCache(root: string, env: NodeJS.ProcessEnv): ContentCache | undefined {
  const wanted = env['SPAN_TREE_CACHE']
  if (wanted === 'off' || wanted === '0' || wanted === 'false') return undefined
  if (wanted) return new ContentCache(resolve(wanted))
  const modules = nearestModules(resolve(root))
  return modules === undefined ? undefined : new ContentCache(join(modules, '.cache', 'span-tree'))
}

function nearestModules(directory: string): string | undefined {
  for (let at = directory; ; at = dirname(at)) {
    const path = join(at, 'node_modules')
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return path
    if (at === dirname(at)) return undefined
  }
}

function checksum(text: string): string {
  return hash('sha1', text)
}

/** Which build this is: its version, and for those who build it themselves when it was written. */
const BUILD = buildStamp()

// A build writes all of its files, this one too; sources are edited one by one.
function buildStamp(): string {
  const own = fileURLToPath(import.meta.url)
  const written = extname(own) === '.ts' ? sourcesBelow(dirname(own)) : [own]
  return `${ownPackage().version} ${Math.max(...written.map(file => statSync(file).mtimeMs))}`
}

function sourcesBelow(directory: string): string[] {
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' })
  return names.filter(name => name.endsWith('.ts')).map(name => join(directory, name))
}
