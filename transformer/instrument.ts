import type { Site } from '../model/index.ts'
import type { InstrumentOptions } from './options.ts'
import type { Diagnostic, Refusal } from './plan.ts'
import { planFile } from './planner.ts'
import { renderText } from './render-text.ts'
import type { SourceMap } from './source-map.ts'

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
  /** Left out because the configuration or `@noSpan` says so. */
  readonly excluded: readonly Refusal[]
  readonly diagnostics: readonly Diagnostic[]
  readonly changed: boolean
}

const BYTE_ORDER_MARK = '\uFEFF'

/**
 * Instruments one source file: TypeScript, JavaScript, with or without JSX; types stay in place. Never throws for what
 * the source is: a file that does not parse comes back as it was, with a diagnostic.
 */
export function instrument(code: string, options: InstrumentOptions): Instrumented {
  // Decoders take the mark away before positions are counted; kept in the text, it would shift the first line's.
  const text = withoutMark(code)
  const mark = code.slice(0, code.length - text.length)
  const plan = planFile(text, options)
  const { refused, skipped, excluded, diagnostics } = plan
  const rendered = renderText(text, plan, options)
  const sites = plan.functions.map(one => one.site)
  const changed = rendered.code !== text
  return { ...rendered, code: mark + rendered.code, sites, refused, skipped, excluded, diagnostics, changed }
}

/** The text without a byte order mark, as it is parsed and mapped. */
export function withoutMark(code: string): string {
  return code.startsWith(BYTE_ORDER_MARK) ? code.slice(1) : code
}
