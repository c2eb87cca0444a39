import type { Level } from '../model/index.ts'
import { diagnostic } from './diagnostics.ts'
import type { Diagnostic, ModuleFormat } from './plan.ts'

/** Which functions get a span. Without `include`, only those with an annotation (`@span`). */
export interface SelectOptions {
  /**
   * Globs (picomatch) over a file's path relative to the root. Every function of a matching file is selected, save
   * trivial ones. A pattern that is an absolute path is matched against the absolute path. Files under
   * `node_modules` are matched only by patterns that say so: `node_modules/zod/src/**` finds that package wherever it
   * is installed.
   */
  readonly include?: readonly string[]
  /** Globs of files to leave out; annotations in them still count. */
  readonly exclude?: readonly string[]
  /**
   * Globs over qualified names, which narrow down what `include` selects: `OrderService.*`, `!*.toJSON`. `*` stays
   * within the name of one function: nested ones are `checkout › *`, at any depth `checkout › **`.
   */
  readonly functions?: readonly string[]
  /** Whether functions without a call, a loop or a suspension are left out; true by default. */
  readonly skipTrivial?: boolean
  /** Whether the parameters of a function that fails are recorded; true by default. */
  readonly captureArguments?: boolean
  /** Milliseconds: spans that took less are dropped, unless they failed. */
  readonly minDuration?: number
  /** The level of the spans. */
  readonly level?: Level
}

/** How a file is to be instrumented. */
export interface InstrumentOptions extends SelectOptions {
  /** Absolute, or relative to `root`. Its extension tells the language. */
  readonly filename: string
  /** How the code finds the runtime. Guessed from the file's name and content when it is absent. */
  readonly format?: ModuleFormat
  /** Paths are relative to it; the current directory by default. */
  readonly root?: string
  /** What injected code imports; `span-tree/abi` by default. */
  readonly abi?: string
  /** Whether to make a source map; true by default. */
  readonly sourceMap?: boolean
  /** Whether the code is strict for sure, as a compiler's `alwaysStrict` makes it. Modules always are. */
  readonly strict?: boolean
  /**
   * What the instrumented code goes through next. Only TypeScript's own emit puts the assignments of parameter
   * properties behind a `super()` that is inside a `try`; `any` (the default) refuses constructors that need it.
   */
  readonly compiler?: 'typescript' | 'any'
  /**
   * Parse through shared memory: 2–3 times faster, for build tools. It reserves 6 GiB of address space, which the
   * memory figures of the process then show.
   */
  readonly fastParse?: boolean
}

type Check = (value: unknown) => boolean

const strings: Check = value => Array.isArray(value) && value.every(item => typeof item === 'string')
const boolean: Check = value => typeof value === 'boolean'
const LEVEL_NAMES = ['debug', 'info', 'warning', 'error', 'critical']

const CHECKS: Readonly<Record<keyof SelectOptions, readonly [Check, expected: string]>> = {
  include: [strings, 'an array of globs'],
  exclude: [strings, 'an array of globs'],
  functions: [strings, 'an array of name patterns'],
  skipTrivial: [boolean, 'true or false'],
  captureArguments: [boolean, 'true or false'],
  minDuration: [value => typeof value === 'number' && value >= 0, 'a number of milliseconds'],
  level: [value => LEVEL_NAMES.includes(value as string), `one of ${LEVEL_NAMES.join(', ')}`],
}

/**
 * Checks a configuration as a user wrote it; what is wrong is left out of `options` and reported, one line each.
 * `where` names the place, such as the path of a tsconfig; `others` are keys that the place has a use for itself.
 */
export function validateOptions(
  raw: unknown,
  where: string,
  others: readonly string[] = [],
): { options: SelectOptions; diagnostics: readonly Diagnostic[] } {
  if (raw === undefined || raw === null) return { options: {}, diagnostics: [] }
  if (typeof raw !== 'object' || Array.isArray(raw)) {
    const values = { key: 'span-tree', expected: 'an object', actual: describe(raw) }
    return { options: {}, diagnostics: [diagnostic('SPT2002', values, where)] }
  }
  const options: Record<string, unknown> = {}
  const diagnostics: Diagnostic[] = []
  for (const [key, value] of Object.entries(raw)) {
    if (others.includes(key) || value === undefined) continue
    const problem = problemWith(key, value, where, others)
    if (problem) diagnostics.push(problem)
    else options[key] = value
  }
  return { options, diagnostics }
}

function problemWith(key: string, value: unknown, where: string, others: readonly string[]): Diagnostic | undefined {
  const check = Object.hasOwn(CHECKS, key) ? CHECKS[key as keyof SelectOptions] : undefined
  if (!check) return diagnostic('SPT2001', { key, hint: hintFor(key, others) }, where)
  if (check[0](value)) return undefined
  return diagnostic('SPT2002', { key, expected: check[1], actual: describe(value) }, where)
}

function hintFor(key: string, others: readonly string[]): string {
  const known = [...Object.keys(CHECKS), ...others]
  const nearest = known.map(name => ({ name, distance: editDistance(key.toLowerCase(), name.toLowerCase()) }))
  nearest.sort((a, b) => a.distance - b.distance)
  const best = nearest[0]
  if (best && best.distance <= Math.max(2, key.length / 3)) return `: did you mean '${best.name}'?`
  return `: known are ${Object.keys(CHECKS).join(', ')}`
}

// Levenshtein's distance, one row at a time.
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(substitution, (row[j] as number) + 1, (next[j - 1] as number) + 1))
    }
    row = next
  }
  return row[b.length] as number
}

function describe(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`
  if (Array.isArray(value)) return 'an array'
  return value !== null && typeof value === 'object' ? 'an object' : String(value)
}
