import ts from 'typescript'
import { instrument } from '../../transformer/instrument.ts'
import type { InstrumentOptions } from '../../transformer/options.ts'
import { planFile } from '../../transformer/planner.ts'
import { renderAst } from '../../transformer/render-ast.ts'

/** JavaScript with the source map that leads to what it was made of; null where the text is what it was. */
export interface Rendered {
  readonly code: string
  readonly map: string | null
}

/** A way from a source to JavaScript that runs, with spans and without. */
export interface Renderer {
  readonly name: string
  plain(code: string, options: InstrumentOptions): Rendered
  instrumented(code: string, options: InstrumentOptions): Rendered
}

/** JavaScript in, JavaScript out. */
export const text: Renderer = {
  name: 'text',
  plain: code => ({ code, map: null }),
  instrumented(code, options) {
    const { code: instrumented, map } = instrument(code, options)
    return { code: instrumented, map: map?.toString() ?? null }
  },
}

/** By TypeScript's compiler, which prints the file anew; so its plain version is printed as well. */
export const ast: Renderer = {
  name: 'ast',
  plain: (code, options) => transpile(code, options, []),
  instrumented(code, options) {
    const plan = planFile(code, options)
    const transform: ts.TransformerFactory<ts.SourceFile> = context => sourceFile =>
      renderAst(ts, context, sourceFile, plan, options.abi).sourceFile
    return transpile(code, options, [transform])
  },
}

export const renderers: readonly Renderer[] = [text, ast]

function transpile(
  code: string,
  { filename, format }: InstrumentOptions,
  before: ts.TransformerFactory<ts.SourceFile>[],
): Rendered {
  const module = format === 'module' ? ts.ModuleKind.ESNext : ts.ModuleKind.CommonJS
  const { outputText, sourceMapText } = ts.transpileModule(code, {
    // To TypeScript, what is called `.cjs` is strict.
    fileName: filename.replace(/\.cjs$/, '.js'),
    compilerOptions: {
      target: ts.ScriptTarget.ESNext,
      module,
      moduleDetection: format === 'module' ? ts.ModuleDetectionKind.Force : ts.ModuleDetectionKind.Legacy,
      alwaysStrict: false,
      allowJs: true,
      sourceMap: true,
      jsx: ts.JsxEmit.React,
    },
    transformers: { before },
  })
  return { code: outputText.replace(/\n\/\/# sourceMappingURL=.*\n?$/, '\n'), map: sourceMapText ?? null }
}
