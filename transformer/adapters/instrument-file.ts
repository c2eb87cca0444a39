import { fileURLToPath, pathToFileURL } from 'node:url'
import { diagnostic } from '../diagnostics.ts'
import { instrument } from '../instrument.ts'
import { sitePath } from '../match.ts'
import type { Diagnostic, ModuleFormat } from '../plan.ts'
import { isInstrumented } from '../planner.ts'
import { compilerDependencies, compileTypeScript, type JavaScript } from './compile-typescript.ts'
import { composeMaps, type FileMap } from './compose-maps.ts'
import { withInlineMap } from './inline-map.ts'
import { moduleFormat } from './module-format.ts'
import { originalPositions } from './original-positions.ts'
import { isTypeScriptFile } from './program-files.ts'
import { findProgramMap } from './program-map.ts'
import type { RegisterOptions } from './register-options.ts'
import { stripTypes } from './strip-types.ts'
import { hasModuleSyntax, needsCompiler } from './syntax-needs.ts'

/** What Node's load hook is to return for a file. */
export interface LoadedFile {
  readonly source: string
  readonly format: 'module' | 'commonjs'
}

export interface InstrumentedFile {
  /**
   * Undefined where only a compiler could do it and there is none: then Node, or a loader of the program's own, has the
   * last word.
   */
  readonly loaded: LoadedFile | undefined
  /**
   * Files that it depends on beside the text and the options: the project's TypeScript and tsconfig, a map beside it.
   * Undefined where they cannot all be named: it is to be made anew each time.
   */
  readonly dependencies: readonly string[] | undefined
  /** What a file with a source map was compiled from: absolute paths. */
  readonly sources?: readonly string[]
}

export type Report = (diagnostics: readonly Diagnostic[]) => void

/**
 * Everything that happens to a file on its way into Node: instrumented (where `options` are given), types removed
 * or compiled away, the map of it all at its end. Throws a SyntaxError for what is no TypeScript.
 */
export function instrumentFile(
  text: string,
  file: string,
  options: RegisterOptions | undefined,
  report: Report,
): InstrumentedFile {
  const format = moduleFormat(file, text)
  const before = options && !isTypeScriptFile(file) ? findProgramMap(text, file) : undefined
  const edited = edit(text, file, format, options, before?.map, report)
  const plain = withoutTypes(edited, file, format)
  const javaScript = plain ?? compiled(edited, file, format)
  if (!javaScript) {
    report([diagnostic('SPT2005', {}, sitePath(file, options?.root))])
    return { loaded: undefined, dependencies: undefined }
  }
  const { code, map } = javaScript
  const dependencies = plain ? (before?.path === undefined ? [] : [before.path]) : compilerDependencies(file)
  const sources = before && { sources: before.map.sources.flatMap(source => filesOf(source)) }
  if (!map) return { loaded: { source: code, format }, dependencies, ...sources }
  const own = { ...map, sources: [pathToFileURL(file).href], sourcesContent: [text] }
  const composed = before && options?.followMaps ? composeMaps(own, before.map) : own
  return { loaded: { source: withInlineMap(code, composed, file), format }, dependencies, ...sources }
}

function filesOf(source: string | null): string[] {
  return source?.startsWith('file:') ? [fileURLToPath(source)] : []
}

/** Undefined for what cannot be had by taking types away. */
function withoutTypes({ code, map }: JavaScript, file: string, format: ModuleFormat): JavaScript | undefined {
  if (!isTypeScriptFile(file)) return { code, map }
  const stripped = canStrip(code, file, format) ? stripTypes(code, file) : undefined
  return stripped === undefined ? undefined : { code: stripped, map }
}

function compiled({ code, map }: JavaScript, file: string, format: ModuleFormat): JavaScript | undefined {
  const result = compileTypeScript(code, file, format)
  return result && { code: result.code, map: joined(result.map, map) }
}

function joined(second: FileMap | undefined, first: FileMap | undefined): FileMap | undefined {
  return second && first ? composeMaps(second, first) : second
}

function edit(
  text: string,
  filename: string,
  format: ModuleFormat,
  options: RegisterOptions | undefined,
  before: FileMap | undefined,
  report: Report,
): JavaScript {
  if (!options || isInstrumented(text)) return { code: text, map: undefined }
  const origin = before && { origin: originalPositions(text, before, options.root) }
  const { code, map, diagnostics } = instrument(text, { ...options, filename, format, ...origin })
  report(diagnostics)
  return { code, map: (map as FileMap | null) ?? undefined }
}

/** In a CommonJS package `import` is no JavaScript; compilers and other runners make `require` of it, as the author expects. */
function canStrip(code: string, file: string, format: ModuleFormat): boolean {
  if (/x$/.test(file) || needsCompiler(code, file)) return false
  return format === 'module' || !hasModuleSyntax(code, file)
}
