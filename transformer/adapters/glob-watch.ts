import { diagnostic } from '../diagnostics.ts'
import { matchesFile } from '../match.ts'
import type { Diagnostic } from '../plan.ts'

/** Notices which globs of `include` have not matched any file yet: most often a typing error, seldom meant. */
export interface GlobWatch {
  saw(file: string): void
  /** One warning for each glob without a file. `where` says where the globs were written. */
  unmatched(where: string): readonly Diagnostic[]
}

export function watchGlobs(include: readonly string[], root: string): GlobWatch {
  const open = new Set(include.filter(pattern => !pattern.startsWith('!')))
  return {
    saw(file) {
      for (const pattern of open) if (matchesFile(file, { include: [pattern], root })) open.delete(pattern)
    },
    unmatched(where) {
      return [...open].map(pattern => diagnostic('SPT2003', { pattern, root }, where))
    },
  }
}
