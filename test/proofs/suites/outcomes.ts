/** What became of each test, by name: `ok`, or why not. Of tests of one name the second is `name (2)`. */
export type Outcomes = ReadonlyMap<string, string>

/** One run of a package's own tests. */
export interface SuiteRun {
  readonly outcomes: Outcomes
  /** Of the package's own functions, recorded while it ran; 0 in a plain run. */
  readonly spans: number
}

export interface Comparison {
  readonly tests: number
  /** Of those, `ok` in the plain run. */
  readonly passing: number
  readonly spans: number
  /** Each with both outcomes; empty when instrumentation changed nothing. */
  readonly differences: readonly string[]
}

/** Outcomes in the order in which they came. */
export function outcomesOf(tests: Iterable<readonly [name: string, outcome: string]>): Outcomes {
  const seen = new Map<string, number>()
  const outcomes = new Map<string, string>()
  for (const [name, outcome] of tests) {
    const times = (seen.get(name) ?? 0) + 1
    seen.set(name, times)
    outcomes.set(times === 1 ? name : `${name} (${times})`, outcome)
  }
  return outcomes
}

export function compareRuns(plain: SuiteRun, instrumented: SuiteRun): Comparison {
  const names = new Set([...plain.outcomes.keys(), ...instrumented.outcomes.keys()])
  const differences = [...names].flatMap(name => {
    const [before, after] = [plain, instrumented].map(run => run.outcomes.get(name) ?? 'did not run')
    return before === after ? [] : [`${name}\n  plain:        ${before}\n  instrumented: ${after}`]
  })
  return {
    tests: plain.outcomes.size,
    passing: [...plain.outcomes.values()].filter(outcome => outcome === 'ok').length,
    spans: instrumented.spans,
    differences,
  }
}

/** One line of a proof's report, and its differences below; false when there are any, or nothing was proved. */
export function reportComparison(name: string, { tests, passing, spans, differences }: Comparison): boolean {
  console.log(
    `${name}: ${tests} tests, ${passing} pass plain, ${differences.length} differ; ${spans} spans of its own functions`,
  )
  for (const difference of differences) console.log(difference)
  if (spans === 0) console.log('no span was recorded: nothing is proved')
  return differences.length === 0 && spans > 0 && passing > 0
}
