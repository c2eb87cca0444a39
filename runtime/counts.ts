/** What the runtime knows of its own work, since the process began. */
export interface RuntimeCounts {
  tracesExported: number
  /** Traces whose root was faster than its minimum duration. */
  tracesDropped: number
  /** Traces that the head sampler did not want; nothing of them was made. */
  tracesUnsampled: number
  /** Complete traces that the tail sampler did not keep. */
  tracesSampledAway: number
  /** Spans in what was exported; those that were collapsed into one node count as that one. */
  spansExported: number
  /** Calls that are in no span of their own: they share a node with others. */
  spansCollapsed: number
  /** Spans that were left out because they took less than their minimum duration. */
  spansDropped: number
  /** Spans of complete traces that the tail sampler did not keep. */
  spansSampledAway: number
  /** Of those exported: additions to traces that had been exported before. */
  lateTrees: number
  exporterErrors: number
}

export function noCounts(): RuntimeCounts {
  return {
    tracesExported: 0,
    tracesDropped: 0,
    tracesUnsampled: 0,
    tracesSampledAway: 0,
    spansExported: 0,
    spansCollapsed: 0,
    spansDropped: 0,
    spansSampledAway: 0,
    lateTrees: 0,
    exporterErrors: 0,
  }
}
