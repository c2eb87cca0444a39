import { writeSync } from 'node:fs'
import { formatDiagnostic } from '../diagnostics.ts'
import type { Diagnostic } from '../plan.ts'

const STDERR = 2
const said = new Set<string>()

/** Writes a line to stderr, unless this process has said it already. Never throws. */
export function reportOnce(line: string): void {
  if (said.has(line)) return
  said.add(line)
  try {
    writeSync(STDERR, `${line}\n`)
  } catch {
    // Nobody listens, or the pipe is full: a diagnostic is not worth the program.
  }
}

export function reportDiagnostics(diagnostics: readonly Diagnostic[]): void {
  for (const diagnostic of diagnostics) reportOnce(formatDiagnostic(diagnostic))
}
