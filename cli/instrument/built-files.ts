import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** All files of a directory, sorted, absolute; not those in `node_modules` or in the directory `except`. */
export function filesBelow(directory: string, except: string | undefined): readonly string[] {
  const found: string[] = []
  const visit = (at: string): void => {
    for (const entry of readdirSync(at, { withFileTypes: true }).sort(byName)) {
      const path = join(at, entry.name)
      if (entry.isDirectory()) {
        if (entry.name !== 'node_modules' && path !== except) visit(path)
      } else if (statSync(path, { throwIfNoEntry: false })?.isFile()) found.push(path)
    }
  }
  visit(directory)
  return found
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1
}

/** Whether it is JavaScript that a build may have made. */
export function isJavaScript(path: string): boolean {
  return /\.[cm]?js$/.test(path)
}
