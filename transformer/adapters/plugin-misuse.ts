import type TS from 'typescript'
import { diagnostic, formatDiagnostic } from '../diagnostics.ts'
import { PLUGIN_NAME } from './plugin-keys.ts'

type Entry = Readonly<Record<string, unknown>>

const TOO_LATE: readonly string[] = ['after', 'afterDeclarations']

/** The key that has ts-patch call this plugin when the compiler's own transformers have been at work. */
export function misusedKey(options: TS.CompilerOptions): string | undefined {
  const entries = (options.plugins ?? []) as readonly unknown[] as readonly Entry[]
  const own = entries.filter(entry => entry['transform'] === PLUGIN_NAME)
  return TOO_LATE.find(key => own.some(entry => Boolean(entry[key])))
}

/** With a `type` other than `program`, ts-patch hands over something else. Throws: there is nothing to report to. */
export function explainType(program: TS.Program): void {
  if (typeof (program as Partial<TS.Program> | undefined)?.getSourceFiles === 'function') return
  throw new Error(formatDiagnostic(diagnostic('SPT3002', { key: 'type' }, 'tsconfig.json')))
}

/** With `transformProgram`, the result has to be a program: it is this one, with an error of its configuration. */
export function withProgramError(program: TS.Program, error: TS.Diagnostic): TS.Program {
  const errors = program.getConfigFileParsingDiagnostics.bind(program)
  program.getConfigFileParsingDiagnostics = () => [...errors(), error]
  return program
}
