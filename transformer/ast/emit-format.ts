import type TS from 'typescript'
import type { ModuleFormat } from '../plan.ts'
import type { TypeScript } from './typescript.ts'

/** What TypeScript knows and does not declare in its types. */
interface Internals {
  getEmitModuleFormatOfFileWorker?(sourceFile: TS.SourceFile, options: TS.CompilerOptions): TS.ModuleKind
}

/** The format of the JavaScript that TypeScript makes of the file. */
export function emitFormat(ts: TypeScript, sourceFile: TS.SourceFile, options: TS.CompilerOptions): ModuleFormat {
  const kind = emittedKind(ts, sourceFile, options)
  if (kind === ts.ModuleKind.CommonJS) return 'commonjs'
  // AMD, UMD and System load asynchronously: there is nothing to call that would return the runtime.
  return kind >= ts.ModuleKind.ES2015 && ts.isExternalModule(sourceFile) ? 'module' : 'script'
}

function emittedKind(ts: TypeScript, sourceFile: TS.SourceFile, options: TS.CompilerOptions): TS.ModuleKind {
  const { getEmitModuleFormatOfFileWorker } = ts as Internals
  if (getEmitModuleFormatOfFileWorker) return getEmitModuleFormatOfFileWorker(sourceFile, options)
  const kind = options.module ?? ts.ModuleKind.ES2015
  const perFile = kind >= ts.ModuleKind.Node16 && kind <= ts.ModuleKind.NodeNext
  return (perFile ? sourceFile.impliedNodeFormat : undefined) ?? kind
}
