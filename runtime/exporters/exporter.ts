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
   * that show traces as they grow. `export` follows with the same `traceId` when it is complete. The tree is made
   * when `root` is looked at.
   */
  progress?(tree: SpanTree): void
  /** Writes what is pending. Resolves when it is written, at the latest after `deadline` milliseconds. */
  flush?(deadline: number): Promise<void>
  /** Writes what is pending before it returns: the process is about to end. */
  flushSync?(): void
  /** Writes what is pending, as `flush`, and lets go of all that it holds; nothing is exported any more. */
  shutdown?(deadline: number): Promise<void>
  /** What became of what it was given. */
  health?(): ExporterHealth
}

/** Of one exporter, since it was made. All but bytes are numbers of spans: `taken` and `adopted` are what the others add up to. */
export interface ExporterHealth {
  /** `http http://localhost:4000` */
  readonly name: string
  readonly taken: number
  /** Taken over from processes that have ended. */
  readonly adopted: number
  readonly delivered: number
  /** By reasons: `refused`, `no room` … */
  readonly dropped: Readonly<Record<string, number>>
  /** Waiting in memory, and on disk. */
  readonly queued: number
  readonly spooled: number
  readonly spoolBytes: number
  /** What is not as it was asked for. */
  readonly note?: string
  /** Why the last attempt failed, while none has succeeded since. */
  readonly lastError?: string
}
