import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository that is proved. */
export const REPOSITORY: string = fileURLToPath(new URL('../../..', import.meta.url))

/** A copy of an installed package, outside any `node_modules`: there it is a program's own code. */
export interface WorkFolder extends Disposable {
  readonly directory: string
  /** Where instrumented runs leave how many spans they recorded. */
  readonly spansFile: string
}

/** `modules`: the folders of packages that it finds, nearest first, at most two. Disposed of, it is gone. */
export function workFolder(installed: string, modules: readonly string[]): WorkFolder {
  const parent = realpathSync(mkdtempSync(join(tmpdir(), 'span-tree-proof-')))
  const directory = join(parent, basename(installed))
  cpSync(realpathSync(installed), directory, {
    recursive: true,
    filter: path => basename(path) !== 'node_modules' || path === installed,
  })
  for (const [index, folder] of modules.entries()) {
    symlinkSync(folder, join(index === 0 ? directory : parent, 'node_modules'), 'junction')
  }
  return {
    directory,
    spansFile: join(parent, 'spans'),
    [Symbol.dispose]: () => rmSync(parent, { recursive: true, force: true }),
  }
}

/** The sum of what processes have left there; 0 where none has. */
export function readSpans({ spansFile }: WorkFolder): number {
  try {
    const counts = readFileSync(spansFile, 'utf8').split('\n').map(Number)
    return counts.reduce((sum, count) => sum + count, 0)
  } catch {
    return 0
  }
}
