/** What is measured: each contender offers these three, traced its own way. All of them do the same work. */
export interface Workload {
  /** One root over 100 synchronous leaves. */
  leaves(): number
  /** Three nested synchronous spans, the outermost a root. */
  outer(n: number): number
  /** One root over 20 async calls, each of which awaits one resolved promise. */
  steps(): Promise<number>
  /** Throws when what was measured is not there. */
  check?(): Promise<void>
}

/** Spans that a call of each makes, its root included where that is one of what is measured. */
export const SPANS = { leaves: 100, outer: 3, steps: 20 } as const
