import type { SpanTree } from '../../model/index.ts'
import type { TraceSummary } from '../../store/trace-store.ts'

/** A trace that is exported. */
export interface ExportedTrace {
  readonly summary: TraceSummary
  readonly trees: readonly SpanTree[]
}

/** Writes a file trace by trace, so that it may be larger than memory. Made anew for each file. */
export interface TraceWriter {
  readonly head?: string
  /** `first`: no trace was written before. */
  trace(trace: ExportedTrace, first: boolean): Iterable<string>
  readonly tail?: string
}

export const FORMATS = ['json', 'otlp', 'chrome', 'speedscope'] as const
export type Format = (typeof FORMATS)[number]

/** `base`: nanoseconds since the Unix epoch at which the first trace begins. */
export async function writerOf(format: Format, base: bigint): Promise<TraceWriter> {
  switch (format) {
    case 'json':
      return (await import('./json-lines.ts')).jsonLines()
    case 'otlp':
      return (await import('./otlp-json.ts')).otlpJson()
    case 'chrome':
      return (await import('./chrome-trace.ts')).chromeTrace(base)
    case 'speedscope':
      return (await import('./speedscope.ts')).speedscope()
  }
}
