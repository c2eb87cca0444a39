import type { SourceMap } from 'magic-string'
import type { Site } from '../model/index.ts'
import type { InstrumentOptions } from './options.ts'
import type { Diagnostic, Refusal } from './plan.ts'
import { planFile } from './planner.ts'
import { renderText } from './render-text.ts'

export interface Instrumented {
  /** The instrumented source, or the source as it was. */
  readonly code: string
  /** From the instrumented source to the given one; null when nothing changed, or `sourceMap` is false. */
  readonly map: SourceMap | null
  /** The functions that got a span, in the order of the source. */
  readonly sites: readonly Site[]
  /** What was wanted and is left alone all the same, with the reason. */
  readonly refused: readonly Refusal[]
  /** Selected by a glob or with a class, but not worth a span. */
  readonly skipped: readonly Refusal[]
  readonly diagnostics: readonly Diagnostic[]
  readonly changed: boolean
}

/**
 * Instruments one source file: TypeScript, JavaScript, with or without JSX; types stay in place. Never throws for what
 * the source is: a file that does not parse comes back as it was, with a diagnostic.
 */
export function instrument(code: string, options: InstrumentOptions): Instrumented {
  const plan = planFile(code, options)
  const { refused, skipped, diagnostics } = plan
  const rendered = renderText(code, plan, options)
  const sites = plan.functions.map(one => one.site)
  return { ...rendered, sites, refused, skipped, diagnostics, changed: rendered.code !== code }
}
