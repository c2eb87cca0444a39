import { pathToFileURL } from 'node:url'
import { diagnostic } from '../diagnostics.ts'
import { instrument } from '../instrument.ts'
import { sitePath } from '../match.ts'
import type { ModuleFormat } from '../plan.ts'
import { compileTypeScript, type JavaScript } from './compile-typescript.ts'
import { composeMaps, type FileMap } from './compose-maps.ts'
import { withInlineMap } from './inline-map.ts'
import { moduleFormat } from './module-format.ts'
import { isTypeScriptFile } from './program-files.ts'
import { readProgramMap } from './program-map.ts'
import type { RegisterOptions } from './register-options.ts'
import { reportDiagnostics } from './report.ts'
import { stripTypes } from './strip-types.ts'
import { needsCompiler } from './syntax-needs.ts'

/** What Node's load hook is to return for a file. */
export interface LoadedFile {
  readonly source: string
  readonly format: 'module' | 'commonjs'
}

/**
 * Everything that happens to a file on its way into Node: instrumented (where `options` are given), types removed
 * or compiled away, the map of it all at its end. Undefined, with a line on stderr, where only a compiler could do it
 * and there is none: then Node, or a loader of the program's own, has the last word.
 */
export function instrumentFile(
  text: string,
  file: string,
  options: RegisterOptions | undefined,
): LoadedFile | undefined {
  const format = moduleFormat(file, text)
  const javaScript = removeTypes(text, file, format, options)
  if (!javaScript) {
    reportDiagnostics([diagnostic('SPT2005', {}, sitePath(file, options?.root))])
    return undefined
  }
  const { code, map } = javaScript
  if (!map) return { source: code, format }
  const own = { ...map, sources: [pathToFileURL(file).href], sourcesContent: [text] }
  const compiled = options?.followMaps ? readProgramMap(text, file) : undefined
  return { source: withInlineMap(code, compiled ? composeMaps(own, compiled) : own, file), format }
}

function removeTypes(
  text: string,
  file: string,
  format: ModuleFormat,
  options: RegisterOptions | undefined,
): JavaScript | undefined {
  const instrumented = edit(text, file, format, options, 'any')
  if (!isTypeScriptFile(file)) return instrumented
  const stripped = canStrip(instrumented.code, file) ? stripTypes(instrumented.code, file) : undefined
  if (stripped !== undefined) return { code: stripped, map: instrumented.map }
  const prepared = edit(text, file, format, options, 'typescript')
  const compiled = compileTypeScript(prepared.code, file, format)
  return compiled && { code: compiled.code, map: joined(compiled.map, prepared.map) }
}

function joined(second: FileMap | undefined, first: FileMap | undefined): FileMap | undefined {
  return second && first ? composeMaps(second, first) : second
}

function edit(
  text: string,
  filename: string,
  format: ModuleFormat,
  options: RegisterOptions | undefined,
  compiler: 'typescript' | 'any',
): JavaScript {
  if (!options) return { code: text, map: undefined }
  const { code, map, diagnostics } = instrument(text, { ...options, filename, format, compiler })
  reportDiagnostics(diagnostics)
  return { code, map: (map as FileMap | null) ?? undefined }
}

function canStrip(code: string, file: string): boolean {
  return !/x$/.test(file) && !needsCompiler(code, file)
}
