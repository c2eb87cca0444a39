import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/**
 * The path of the `package.json` of the package that a directory belongs to; undefined where there is none. Does not
 * look beyond a `node_modules`, as Node does not.
 */
export function nearestPackageJson(directory: string): string | undefined {
  for (let at = directory; basename(at) !== 'node_modules'; at = dirname(at)) {
    const path = join(at, 'package.json')
    if (existsSync(path)) return path
    if (at === dirname(at)) return undefined
  }
  return undefined
}
