import { createRequire } from 'node:module'
import ts from 'typescript'
import * as abi from '../../runtime/abi.ts'
import { emitFormat } from '../../transformer/ast/emit-format.ts'
import { planFile } from '../../transformer/planner.ts'
import { type AstRendering, renderAst } from '../../transformer/render-ast.ts'

export interface Compiled {
  readonly code: string
  readonly rendering: AstRendering
}

/** Compiles one file with every function of it instrumented, other `before` transformers first. */
export function compile(
  source: string,
  options: ts.CompilerOptions = {},
  others: readonly ts.TransformerFactory<ts.SourceFile>[] = [],
  fileName = 'app.ts',
): Compiled {
  const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, ...options }
  let rendering: AstRendering | undefined
  const instrument: ts.TransformerFactory<ts.SourceFile> = context => sourceFile => {
    const format = emitFormat(ts, ts.getOriginalNode(sourceFile) as ts.SourceFile, compilerOptions)
    const text = source.replace(/^\uFEFF/, '')
    const plan = planFile(text, {
      filename: fileName,
      format,
      include: ['**'],
      skipTrivial: false,
    })
    rendering = renderAst(ts, context, sourceFile, plan)
    return rendering.sourceFile
  }
  const { outputText } = ts.transpileModule(source, {
    fileName,
    compilerOptions,
    transformers: { before: [...others, instrument] },
  })
  return { code: outputText, rendering: rendering as AstRendering }
}

/** Compiles the file as it is. */
export function compilePlain(source: string, options: ts.CompilerOptions = {}): string {
  const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, ...options }
  return ts.transpileModule(source, { fileName: 'app.ts', compilerOptions }).outputText
}

/** Runs a CommonJS module against the sources of the runtime; returns what it exports. */
export function run(code: string): Record<string, unknown> {
  const module = { exports: {} }
  const load = createRequire(import.meta.url)
  const require = (id: string): unknown => (id === 'span-tree/abi' ? abi : load(id))
  new Function('require', 'module', 'exports', '__filename', code)(require, module, module.exports, '/app.js')
  return module.exports
}
