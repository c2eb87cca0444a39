import type { SpanTree } from '../../model/index.ts'

/**
 * Where finished traces go. None of its methods may throw into the program: the runtime catches and counts what
 * they throw.
 */
export interface Exporter {
  /** A trace is complete (or, with `tree.late`, more of it came). */
  export(tree: SpanTree): void
  /**
   * A trace that is still running, as it stands now; called a few times a second while it runs, for exporters
   * that show traces as they grow. `export` follows with the same `traceId` when it is complete.
   */
  progress?(tree: SpanTree): void
  /** Writes what is pending. Resolves when it is written, at the latest after `deadline` milliseconds. */
  flush?(deadline: number): Promise<void>
  /** Writes what is pending before it returns: the process is about to end. */
  flushSync?(): void
}
