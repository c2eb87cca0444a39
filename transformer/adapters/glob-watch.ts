import { diagnostic } from '../diagnostics.ts'
import { matchesFile } from '../match.ts'
import type { Diagnostic } from '../plan.ts'

/** Notices which globs of `include` have not matched any file yet: most often a typing error, seldom meant. */
export interface UnmatchedGlob extends Diagnostic {
  readonly pattern: string
}

export interface GlobWatch {
  saw(file: string): void
  /** One warning for each glob without a file. `where` says where the globs were written. */
  unmatched(where: string): readonly UnmatchedGlob[]
}

/**
 * `shared`: the globs are those of the configuration file, which other ways in go by as well. That some of them have no file
 * here means little (`span-tree plan` tells of each); that none has means something.
 */
export function watchGlobs(include: readonly string[], root: string, shared = false): GlobWatch {
  const open = new Set(include.filter(pattern => !pattern.startsWith('!')))
  const all = open.size
  return {
    saw(file) {
      for (const pattern of open) if (matchesFile(file, { include: [pattern], root })) open.delete(pattern)
    },
    unmatched(where) {
      if (shared && open.size < all) return []
      return [...open].map(pattern => ({ ...diagnostic('SPT2003', { pattern, root }, where), pattern }))
    },
  }
}
