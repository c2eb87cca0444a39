import { packageType } from './module-format.ts'
import { hasModuleSyntax } from './syntax-needs.ts'

const MODULE_SYNTAX = /^[\s;}]*(import\b(?!\s*\()|export\b)|\bimport\.meta\b/m
const COMMONJS_SYNTAX = /\brequire\s*\(|\bmodule\.exports\b|\bexports\.|\b__(file|dir)name\b/

/**
 * How a bundler takes a file: by its extension, by its syntax, and where it shows neither that of ES modules nor
 * CommonJS's names as `plain` says (`module` for bundlers that know nothing else), or its package. Unlike in Node, a package's `type` does not make a file with `import` CommonJS.
 */
export function bundleFormat(code: string, file: string, plain: 'module' | 'commonjs'): 'module' | 'commonjs' {
  if (/\.m[jt]s$/.test(file)) return 'module'
  if (/\.c[jt]s$/.test(file)) return 'commonjs'
  const [module, commonjs] = [MODULE_SYNTAX.test(code), COMMONJS_SYNTAX.test(code)]
  // Either may be in a comment or a string: only a parser can tell.
  if (module && commonjs) return hasModuleSyntax(code, file) ? 'module' : 'commonjs'
  if (module || commonjs) return module ? 'module' : 'commonjs'
  return plain === 'module' || packageType(file) === 'module' ? 'module' : 'commonjs'
}
