import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const CACHE = fileURLToPath(new URL('../../node_modules/.cache/span-tree-toolchains/', import.meta.url))

export interface Toolchain {
  /** Packages by name with their version (or range), as in a `package.json`. */
  readonly dependencies: Readonly<Record<string, string>>
}

/**
 * A folder in which these packages are installed, apart from the repository's own: those of great size, or whose
 * commands would collide. Installed when first asked for, and again when the dependencies change; its packages are in
 * `node_modules` below.
 */
export function toolchain(name: string, { dependencies }: Toolchain): string {
  const folder = join(CACHE, name)
  const manifest = JSON.stringify({ private: true, dependencies }, null, 2)
  if (isInstalled(folder, manifest)) return folder
  // Made beside its place: two processes may be at it at once, and the one that ends last finds it there.
  const draft = `${folder}.${process.pid}`
  mkdirSync(draft, { recursive: true })
  writeFileSync(join(draft, 'package.json'), manifest)
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', '--prefix', draft], {
    cwd: draft,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return putInPlace(draft, folder, manifest)
}

function isInstalled(folder: string, manifest: string): boolean {
  const path = join(folder, 'package.json')
  return existsSync(join(folder, 'node_modules')) && readFileSync(path, 'utf8') === manifest
}

function putInPlace(draft: string, folder: string, manifest: string): string {
  if (!isInstalled(folder, manifest)) {
    rmSync(folder, { recursive: true, force: true })
    renameSync(draft, folder)
  } else rmSync(draft, { recursive: true, force: true })
  return folder
}
