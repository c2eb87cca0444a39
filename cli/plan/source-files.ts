import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { isAbsolute, join, resolve } from 'node:path'
import { isSourceFile } from '../../transformer/adapters/program-files.ts'
import { CONFIGURATION_NAMES } from '../../transformer/configuration/configuration-file.ts'

/** What tools write, by the names that they go by. */
const WRITTEN = new Set(['dist', 'build', 'out', 'coverage', 'node_modules'])

/**
 * The source files below a root, absolute and sorted: without packages, hidden directories and what tools have written
 * (`dist`, `build`, `out`, `coverage`, `outDir`), unless a pattern says its name.
 */
export function sourceFiles(root: string, patterns: readonly string[], outDir: string | undefined): readonly string[] {
  const named = patterns.map(pattern => baseOf(pattern, root))
  const found = new Set<string>()
  const visit = (directory: string): void => {
    for (const entry of list(directory)) {
      const path = join(directory, entry.name)
      if (entry.isDirectory()) {
        if (!entry.name.startsWith('.') && !WRITTEN.has(entry.name) && path !== outDir) visit(path)
      } else if (isSourceFile(entry.name) && !CONFIGURATION_NAMES.includes(entry.name)) found.add(path)
    }
  }
  visit(root)
  for (const base of named) if (base !== root) visit(base)
  return [...found].sort()
}

function list(directory: string): ReturnType<typeof entriesOf> {
  try {
    return entriesOf(directory)
  } catch {
    // A pattern's own directory need not exist.
    return []
  }
}

function entriesOf(directory: string): { name: string; isDirectory(): boolean }[] {
  return readdirSync(directory, { withFileTypes: true })
}

/** The directory that all files of a glob are in. */
function baseOf(pattern: string, root: string): string {
  const { scan } = createRequire(import.meta.url)('picomatch') as typeof import('picomatch')
  const { base, isGlob } = scan(pattern.replace(/^!/, ''))
  const directory = isGlob ? base : join(base, '..')
  return isAbsolute(directory) ? directory : resolve(root, directory)
}
