import { extname } from 'node:path'
import type { ModuleFormat } from '../plan.ts'
import { packageType } from './package-type.ts'
import { hasModuleSyntax } from './syntax-needs.ts'

export { packageType } from './package-type.ts'

/** How Node takes a file: by its extension, else by the `type` of its package, else by the file's own syntax. */
export function moduleFormat(file: string, text: string): Exclude<ModuleFormat, 'script'> {
  const extension = extname(file)
  if (/^\.m/.test(extension)) return 'module'
  if (/^\.c/.test(extension)) return 'commonjs'
  const type = packageType(file)
  return type ?? (hasModuleSyntax(text, file) ? 'module' : 'commonjs')
}
