import { isAbsolute, relative } from 'node:path'
import type { SelectOptions } from '../options.ts'
import type { Diagnostic } from '../plan.ts'
import { configurationFile, shown } from './configuration-file.ts'

/**
 * What holds for a project, whatever the way in: its configuration file (`configuration-file.ts`), and over it what the
 * way in was given itself. What that means for one file is resolved in one place, too (`file-options.ts`).
 */
export interface Configured {
  readonly options: SelectOptions
  /** What paths and globs are relative to; absolute. */
  readonly root: string
  /** Absolute path of the configuration file; undefined where there is none. */
  readonly file: string | undefined
  /** Where `include` was written, as diagnostics name it; undefined where it was inline. */
  readonly includedBy: string | undefined
  /** What is wrong with the configuration file. */
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * The configuration file of the package that `directory` is in, and over it, key by key, what the way in was given
 * itself. Paths are relative to where the configuration file lies, if there is one, so that a site has one path
 * whatever the way in; globs of `inline` are relative to `directory`.
 */
export function configure(inline: SelectOptions, directory: string): Configured {
  const found = configurationFile(directory)
  if (!found) return { options: inline, root: directory, file: undefined, includedBy: undefined, diagnostics: [] }
  const { options, root, file, diagnostics } = found
  const includedBy = inline.include || !options.include ? undefined : shown(file)
  return { options: { ...options, ...movedTo(root, inline, directory) }, root, file, includedBy, diagnostics }
}

function movedTo(root: string, options: SelectOptions, directory: string): SelectOptions {
  const prefix = relative(root, directory).replaceAll('\\', '/')
  if (prefix === '') return options
  const { include, exclude, rules } = options
  const moved = (globs: readonly string[]): readonly string[] => globs.map(glob => movedGlob(glob, prefix))
  return {
    ...options,
    ...(include && { include: moved(include) }),
    ...(exclude && { exclude: moved(exclude) }),
    ...(rules && { rules: rules.map(rule => ({ ...rule, files: moved(rule.files) })) }),
  }
}

function movedGlob(glob: string, prefix: string): string {
  if (glob.startsWith('!')) return `!${movedGlob(glob.slice(1), prefix)}`
  // Packages are matched wherever they are installed.
  if (isAbsolute(glob) || glob.startsWith('node_modules/')) return glob
  return `${prefix}/${glob.replace(/^\.\//, '')}`
}
