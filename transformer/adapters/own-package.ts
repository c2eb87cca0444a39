import { readFileSync } from 'node:fs'
import { dirname, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { nearestPackageJson } from './package-json.ts'

/** The package that this file belongs to, wherever it is installed. */
export interface OwnPackage {
  readonly version: string
  /** Absolute, without a trailing separator. */
  readonly directory: string
  /** Specifier (`span-tree/abi`) to the file URL of what it exports. */
  readonly exports: ReadonlyMap<string, string>
}

type Manifest = { name: string; version: string; exports: Record<string, string | { default: string }> }

let own: OwnPackage | undefined

/** Reads this package's own `package.json`, once. */
export function ownPackage(): OwnPackage {
  return (own ??= readOwnPackage())
}

function readOwnPackage(): OwnPackage {
  const path = nearestPackageJson(dirname(fileURLToPath(import.meta.url))) as string
  const { name, version, exports } = JSON.parse(readFileSync(path, 'utf8')) as Manifest
  const base = pathToFileURL(path)
  const entries = Object.entries(exports).map(([subpath, target]): [string, string] => {
    const file = typeof target === 'string' ? target : target.default
    return [name + subpath.slice(1), new URL(file, base).href]
  })
  return { version, directory: dirname(path), exports: new Map(entries) }
}

const runningFrom = fileURLToPath(new URL('../..', import.meta.url))

/**
 * Whether a file is part of span-tree as it runs now. Never instrumented by `register`: a runtime that traces itself
 * does not end.
 */
export function isOwnPackageFile(file: string): boolean {
  return file.startsWith(runningFrom.endsWith(sep) ? runningFrom : runningFrom + sep)
}
