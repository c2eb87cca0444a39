import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { nearestPackageJson } from './package-json.ts'

type PackageType = 'module' | 'commonjs' | undefined

const types = new Map<string, PackageType>()

/** What the package of a file says of its `.js` and `.ts` files; undefined where it leaves that to their syntax. */
export function packageType(file: string): PackageType {
  const path = nearestPackageJson(dirname(file))
  if (path === undefined) return undefined
  if (!types.has(path)) types.set(path, readType(path))
  return types.get(path)
}

function readType(path: string): PackageType {
  try {
    const { type } = JSON.parse(readFileSync(path, 'utf8')) as { type?: unknown }
    return type === 'module' || type === 'commonjs' ? type : undefined
  } catch {
    // Node has the word on a broken package.json, and has had it by now.
    return undefined
  }
}
