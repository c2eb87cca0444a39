import ts from 'typescript'
import { beforeAll } from 'vitest'
import type { InstrumentOptions } from '../../transformer/options.ts'
import type { FilePlan } from '../../transformer/plan.ts'
import { planFile } from '../../transformer/planner.ts'
import { renderAst } from '../../transformer/render-ast.ts'
import { describeFixtures } from './fixtures.ts'

// This renderer prints the file anew: lines in stacks are right by the source map.
process.setSourceMapsEnabled(true)
beforeAll(() => {
  // The test runner's own, which Node's would give way to.
  Reflect.deleteProperty(Error, 'prepareStackTrace')
})

describeFixtures('ast', (code, options) => emit(code, options, planFile(code, options)), emit)

function emit(code: string, options: InstrumentOptions, plan?: FilePlan): string {
  const instrument: ts.TransformerFactory<ts.SourceFile> = context => sourceFile =>
    plan ? renderAst(ts, context, sourceFile, plan, options.abi).sourceFile : sourceFile
  return ts.transpileModule(code, {
    // To TypeScript, what is called `.cjs` is strict.
    fileName: options.filename.replace(/\.cjs$/, '.js').replace('errors.js', 'errors.mjs'),
    compilerOptions: compilerOptions(options),
    transformers: { before: [instrument] },
  }).outputText
}

/** Those that leave a file as it is but for its types: other targets are in `ast-targets.test.ts`. */
function compilerOptions({ filename, format }: InstrumentOptions): ts.CompilerOptions {
  return {
    target: filename.includes('native') ? ts.ScriptTarget.ESNext : ts.ScriptTarget.ES2023,
    module: format === 'commonjs' ? ts.ModuleKind.CommonJS : ts.ModuleKind.ESNext,
    jsx: ts.JsxEmit.React,
    alwaysStrict: false,
    allowJs: true,
    inlineSourceMap: true,
    sourceRoot: '/file/',
  }
}
