import { isAbsolute, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { optionalPackage } from './optional-package.ts'
import type { SelectOptions } from './options.ts'

const picomatch = optionalPackage<typeof import('picomatch')>('picomatch')

type Matcher = (text: string) => boolean

const compiled = new Map<string, Matcher>()

// Patterns come from a configuration: there are few of them, and each meets every file.
function matcher(pattern: string): Matcher {
  let match = compiled.get(pattern)
  if (!match) compiled.set(pattern, (match = picomatch(pattern, { dot: true })))
  return match
}

/** A file as patterns see it. */
interface FilePath {
  readonly absolute: string
  /** Relative to the root; undefined for files outside it. */
  readonly inRoot: string | undefined
  /** From the last `node_modules/` on; undefined for files that are in none. */
  readonly inPackages: string | undefined
}

function filePath(filename: string, root = process.cwd()): FilePath {
  const name = filename.startsWith('file:') ? fileURLToPath(filename) : filename
  const absolute = resolve(root, name.replace(/[?#].*$/, ''))
  const fromRoot = slashes(relative(root, absolute))
  const inRoot = fromRoot.startsWith('../') || isAbsolute(fromRoot) ? undefined : fromRoot
  // A root that is itself in a package is one's own code.
  const path = `/${inRoot ?? slashes(absolute)}`
  const packages = path.lastIndexOf('/node_modules/')
  return { absolute: slashes(absolute), inRoot, inPackages: packages < 0 ? undefined : path.slice(packages + 1) }
}

function slashes(path: string): string {
  return path.replaceAll('\\', '/')
}

/**
 * A file's path as sites carry it: relative to the root; for a file outside the root, from the last `node_modules/`
 * on, or else relative with `../`. Forward slashes.
 */
export function sitePath(filename: string, root: string = process.cwd()): string {
  const { absolute, inRoot, inPackages } = filePath(filename, root)
  return inRoot ?? inPackages ?? slashes(relative(root, absolute))
}

/** Whether a file belongs to an installed package: its annotations are its authors' affair. */
export function isPackageFile(filename: string, root: string = process.cwd()): boolean {
  return filePath(filename, root).inPackages !== undefined
}

/** Whether `include` and `exclude` select the file; always false for declaration files, and without `include`. */
export function matchesFile(filename: string, options: SelectOptions & { readonly root?: string }): boolean {
  if (!options.include?.length || /\.d\.([cm]?ts|[^/]+\.ts)$/.test(filename)) return false
  const path = filePath(filename, options.root)
  const { positive, negative } = bySign(options.include)
  const excluded = [...negative, ...(options.exclude ?? [])]
  return positive.some(pattern => matchesPath(pattern, path)) && !excluded.some(p => matchesPath(p, path, true))
}

/**
 * Files outside the root are matched by absolute patterns alone. A file in `node_modules` is included only by a
 * pattern that names `node_modules`: `**` means one's own code.
 */
function matchesPath(pattern: string, path: FilePath, excluding = false): boolean {
  const glob = slashes(pattern).replace(/^\.\//, '')
  const match = matcher(glob)
  if (isAbsolute(pattern)) return match(path.absolute)
  if (path.inPackages !== undefined) {
    if (match(path.inPackages) && (excluding || glob.includes('node_modules'))) return true
    if (!excluding && !glob.includes('node_modules')) return false
  }
  return path.inRoot !== undefined ? match(path.inRoot) : excluding && match(path.absolute)
}

/** Whether name patterns select a function; without positive patterns, all names not negated. */
export function matchesName(name: string, patterns: readonly string[] | undefined): boolean {
  if (!patterns?.length) return true
  const { positive, negative } = bySign(patterns)
  const path = namePath(name)
  const matches = (pattern: string): boolean => matcher(namePath(pattern))(path)
  return (positive.length === 0 || positive.some(matches)) && !negative.some(matches)
}

// picomatch keeps `*` within a segment of a path: a nested function's name becomes a path of names.
function namePath(name: string): string {
  return name.replaceAll('/', '∕').replaceAll(' › ', '/')
}

function bySign(patterns: readonly string[]): { positive: string[]; negative: string[] } {
  return {
    positive: patterns.filter(p => !p.startsWith('!')),
    negative: patterns.filter(p => p.startsWith('!')).map(p => p.slice(1)),
  }
}
