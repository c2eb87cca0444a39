import { formatDiagnostic } from '../../transformer/diagnostics.ts'
import type { InstrumentOptions } from '../../transformer/options.ts'
import { planFile } from '../../transformer/planner.ts'

/** A plan as text: a line for each function that gets a span, is refused, is skipped, and for each diagnostic. */
export function planText(code: string, options: Partial<InstrumentOptions> = {}): string {
  const plan = planFile(code, { filename: '/app/src/shop.ts', root: '/app', include: ['src/**'], ...options })
  const place = ({ line, column }: { line: number; column: number }): string => `${line}:${column}`
  return [
    ...plan.functions.map(({ site, shape }) => {
      const { level, kind, minDuration } = site.options
      const extra = [level, kind, minDuration === undefined ? undefined : `${minDuration} ms`].filter(Boolean).join(' ')
      return `${place(site)} ${site.name} (${shape} ${site.functionKind})${extra && ` ${extra}`}`
    }),
    ...plan.refused.map(one => `${place(one)} ${one.name}: refused, ${one.reason}`),
    ...plan.skipped.map(one => `${place(one)} ${one.name}: skipped, ${one.reason}`),
    ...plan.diagnostics.map(formatDiagnostic),
  ].join('\n')
}

/** Only what annotations select. */
export function annotatedText(code: string, options: Partial<InstrumentOptions> = {}): string {
  return planText(code, { include: [], ...options })
}
