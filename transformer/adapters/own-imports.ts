import { fileURLToPath } from 'node:url'
import { ownPackage } from './own-package.ts'

/** Imports of the runtime, by injected code and by the program's own. */
export const OWN_IMPORTS: RegExp = /^span-tree(\/|$)/

/** The file of this very package, for a project that has none installed; undefined where there is no such export. */
export function ownFile(specifier: string): string | undefined {
  const url = ownPackage().exports.get(specifier)
  return url === undefined ? undefined : fileURLToPath(url)
}
