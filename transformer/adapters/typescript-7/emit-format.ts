import { extname } from 'node:path'
import type { ModuleFormat } from '../../plan.ts'
import { hasModuleSyntax } from '../syntax-needs.ts'
import type { FileMetadata, NativeOptions } from './api.ts'

// Of the enum ModuleKind.
const COMMONJS = 1
const ES2015 = 5
const ESNEXT = 99
const NODE16 = 100
const NODENEXT = 199
/** Of the enum ModuleDetectionKind. */
const FORCE = 3
// Of the enum JsxEmit.
const REACT_JSX: readonly unknown[] = [4, 5]

/** The format of the JavaScript that the native compiler makes of the file. */
export function nativeFormat(
  file: string,
  text: string,
  metadata: FileMetadata | undefined,
  options: NativeOptions,
): ModuleFormat {
  const kind = emittedKind(file, metadata, options)
  if (kind === COMMONJS) return 'commonjs'
  return kind >= ES2015 && isModule(file, text, options) ? 'module' : 'script'
}

function emittedKind(file: string, metadata: FileMetadata | undefined, options: NativeOptions): number {
  const kind = (options['module'] as number | undefined) ?? ES2015
  const implied = metadata?.impliedNodeFormat
  if (kind >= NODE16 && kind <= NODENEXT) return implied || kind
  // Elsewhere a file's extension, or the type of its package, overrules the option.
  const type = metadata?.packageJsonType
  if (implied === COMMONJS && (type === 'commonjs' || /^\.c/.test(extname(file)))) return COMMONJS
  if (implied === ESNEXT && (type === 'module' || /^\.m/.test(extname(file)))) return ESNEXT
  return kind
}

function isModule(file: string, text: string, options: NativeOptions): boolean {
  const kind = (options['module'] as number | undefined) ?? ES2015
  const detection = options['moduleDetection'] ?? (kind >= NODE16 && kind <= NODENEXT ? FORCE : undefined)
  if (detection === FORCE || /^\.m/.test(extname(file))) return true
  return hasTypeScriptModuleSyntax(text, file) || (REACT_JSX.includes(options['jsx']) && /x$/.test(file))
}

/** To TypeScript, imports and exports of types make a module as well. */
function hasTypeScriptModuleSyntax(text: string, file: string): boolean {
  return /^\s*(import|export)\b/m.test(text) || hasModuleSyntax(text, file)
}
