import { readFileSync } from 'node:fs'
import { dirname, extname } from 'node:path'
import type { ModuleFormat } from '../plan.ts'
import { nearestPackageJson } from './package-json.ts'
import { hasModuleSyntax } from './syntax-needs.ts'

/** How Node takes a file: by its extension, else by the `type` of its package, else by the file's own syntax. */
export function moduleFormat(file: string, text: string): Exclude<ModuleFormat, 'script'> {
  const extension = extname(file)
  if (/^\.m/.test(extension)) return 'module'
  if (/^\.c/.test(extension)) return 'commonjs'
  const type = packageType(file)
  return type ?? (hasModuleSyntax(text, file) ? 'module' : 'commonjs')
}

type PackageType = 'module' | 'commonjs' | undefined

const types = new Map<string, PackageType>()

function packageType(file: string): PackageType {
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
