import { pathToFileURL } from 'node:url'
import { diagnostic } from '../diagnostics.ts'
import { instrument } from '../instrument.ts'
import { sitePath } from '../match.ts'
import type { Diagnostic, ModuleFormat } from '../plan.ts'
import { compilerDependencies, compileTypeScript, type JavaScript } from './compile-typescript.ts'
import { composeMaps, type FileMap } from './compose-maps.ts'
import { withInlineMap } from './inline-map.ts'
import { moduleFormat } from './module-format.ts'
import { isTypeScriptFile } from './program-files.ts'
import { findProgramMap } from './program-map.ts'
import type { RegisterOptions } from './register-options.ts'
import { stripTypes } from './strip-types.ts'
import { needsCompiler } from './syntax-needs.ts'

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
  const edited = edit(text, file, format, options, report)
  const plain = withoutTypes(edited, file)
  const javaScript = plain ?? compiled(edited, file, format)
  if (!javaScript) {
    report([diagnostic('SPT2005', {}, sitePath(file, options?.root))])
    return { loaded: undefined, dependencies: undefined }
  }
  const { code, map } = javaScript
  const dependencies = plain ? [] : compilerDependencies(file)
  if (!map) return { loaded: { source: code, format }, dependencies }
  const own = { ...map, sources: [pathToFileURL(file).href], sourcesContent: [text] }
  const before = options?.followMaps ? findProgramMap(text, file) : undefined
  const source = withInlineMap(code, before ? composeMaps(own, before.map) : own, file)
  const mapFile = before?.path === undefined ? [] : [before.path]
  return { loaded: { source, format }, dependencies: dependencies && [...dependencies, ...mapFile] }
}

/** Undefined for what cannot be had by taking types away. */
function withoutTypes({ code, map }: JavaScript, file: string): JavaScript | undefined {
  if (!isTypeScriptFile(file)) return { code, map }
  const stripped = canStrip(code, file) ? stripTypes(code, file) : undefined
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
  report: Report,
): JavaScript {
  if (!options) return { code: text, map: undefined }
  const { code, map, diagnostics } = instrument(text, { ...options, filename, format })
  report(diagnostics)
  return { code, map: (map as FileMap | null) ?? undefined }
}

function canStrip(code: string, file: string): boolean {
  return !/x$/.test(file) && !needsCompiler(code, file)
}
