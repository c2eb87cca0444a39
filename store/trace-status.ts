import type { Marks } from './triage.ts'

/** What is published of a trace. */
export type TraceStatus = 'running' | 'OK' | 'FAIL' | 'CRASH'

export const TRACE_STATUSES: readonly TraceStatus[] = ['running', 'OK', 'FAIL', 'CRASH']

export interface RootOutcome {
  readonly ended: boolean
  readonly failed: boolean
  /** The span that holds the record of the error that left the root. */
  readonly errorSpan?: string
}

/** An error in the trace, with the marks that its group had when it arrived. */
export interface MarkedError {
  readonly spanId: string
  /** Whether it left its span, in place of only being logged there. */
  readonly exit: boolean
  readonly marks: Marks
}

/**
 * A trace fails where its root does, unless all is excused that is known of why, and where an error was marked ALERT, handled or not.
 * It crashes by an error that is marked so.
 */
export function traceStatus(root: RootOutcome, errors: readonly MarkedError[]): TraceStatus {
  const counted = errors.filter(({ marks }) => !marks.silenced)
  if (counted.some(({ marks }) => marks.crash)) return 'CRASH'
  if (counted.some(({ marks }) => marks.severity === 'ALERT')) return 'FAIL'
  if (root.failed && !isExcused(root, errors)) return 'FAIL'
  return root.ended ? 'OK' : 'running'
}

function isExcused({ errorSpan }: RootOutcome, errors: readonly MarkedError[]): boolean {
  const causes = errors.filter(({ spanId, exit }) => exit && spanId === errorSpan)
  return (
    causes.length > 0 &&
    causes.every(({ marks }) => marks.silenced || marks.severity === 'OK' || marks.severity === 'WARN')
  )
}

/** One small number for each combination, as a column holds it. */
export function encodeMarks({ severity, crash, silenced }: Marks): number {
  const level = severity === undefined ? 0 : SEVERITIES.indexOf(severity) + 1
  return level | (crash ? 4 : 0) | (silenced ? 8 : 0)
}

export function decodeMarks(code: number): Marks {
  const severity = SEVERITIES[(code & 3) - 1]
  return {
    ...(severity !== undefined && { severity }),
    ...(code & 4 && { crash: true }),
    ...(code & 8 && { silenced: true }),
  }
}

const SEVERITIES = ['OK', 'WARN', 'ALERT'] as const
