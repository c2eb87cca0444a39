import type { Diagnostic } from '../plan.ts'

/** A diagnostic as bundlers print warnings: they say themselves that it is one. */
export function warningText({ code, message, file, line, column = 1 }: Diagnostic): string {
  const place = line === undefined ? file : `${file}:${line}:${column}`
  return `${place} - ${code}: ${message}`
}

/** What Rollup, and those that take after it, print: with the place in the file, where there is one. */
export interface BundleWarning {
  readonly message: string
  /** `line` counts from 1, `column` from 0. */
  readonly loc?: { readonly file: string; readonly line: number; readonly column: number }
}

export function bundleWarning(diagnostic: Diagnostic): BundleWarning {
  const { file, line, column = 1 } = diagnostic
  const message = warningText(diagnostic)
  return line === undefined ? { message } : { message, loc: { file, line, column: column - 1 } }
}

/** Lets each diagnostic through once, however many parts of a build come upon it. */
export interface Once {
  fresh(diagnostics: readonly Diagnostic[]): readonly Diagnostic[]
  /** From now on everything is news again: a new build begins. */
  reset(): void
}

export function sayOnce(): Once {
  const said = new Set<string>()
  return {
    fresh: diagnostics =>
      diagnostics.filter(each => {
        const text = warningText(each)
        return said.size < said.add(text).size
      }),
    reset: () => said.clear(),
  }
}
