import type { Level, Site, SpanKind } from '../model/index.ts'
import type { ModuleFormat } from './plan.ts'
import type { Position } from './positions.ts'

export { validateOptions } from './configuration/validate-options.ts'

/** What is recorded of a call's values. */
export interface CaptureOptions {
  /** Whether the parameters of a function that fails are recorded; true by default. */
  readonly arguments?: boolean
  /** Whether what a function returns is recorded, as the span's attribute `result`; false by default. */
  readonly results?: boolean
  /**
   * Paths of values that are never kept, beyond what is always redacted (passwords, tokens …). They begin with the name
   * of a parameter, or `result`: `order.card.number`, `users[*].email`; `*` is any one name, `**` any number of them.
   */
  readonly redact?: readonly string[]
}

/** What can be said of a function that gets a span. */
export interface FunctionOptions {
  /** Whether functions without a call, a loop or a suspension are left out; true by default. */
  readonly skipTrivial?: boolean
  readonly capture?: CaptureOptions
  /** Short for `capture.arguments`, which wins where both are there. */
  readonly captureArguments?: boolean
  /** Milliseconds: spans that took less are dropped, unless they failed. */
  readonly minDuration?: number
  /** The level of the spans. */
  readonly level?: Level
  /** OpenTelemetry's kind of the spans; `internal` by default. */
  readonly kind?: SpanKind
}

/** Options for some of the functions that are selected; it selects none by itself. */
export interface Rule extends FunctionOptions {
  /** Globs of the files that it is about, as in `include`. */
  readonly files: readonly string[]
  /** Name patterns of the functions that it is about; all of those files by default. */
  readonly functions?: readonly string[]
}

/** Which functions get a span. Without `include`, only those with an annotation (`@span`). */
export interface SelectOptions extends FunctionOptions {
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
  /** Options for some files or functions; of several that match, the later win, key by key. Annotations win over all. */
  readonly rules?: readonly Rule[]
  /** Has the last word on what the globs select, trivial functions apart. Only where the configuration is code. */
  readonly predicate?: (site: Site) => boolean
}

/** Where a piece of a file was first written, for files that a compiler or bundler has made. */
export interface Origin extends Position {
  /** Absolute path of the original source. */
  readonly filename: string
  /** What stands there, up to the end of the line; absent where the original source is not to be had. */
  readonly text?: string
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
  /**
   * Expression for where the running module lies; `import.meta.url`, or `__filename` in CommonJS, by default. For
   * bundlers, which give those another meaning, or none.
   */
  readonly location?: string
  /** Whether what is injected tells istanbul not to count its branches; false by default. */
  readonly uncounted?: boolean
  /** Whether to make a source map; true by default. */
  readonly sourceMap?: boolean
  /** Whether the code is strict for sure, as a compiler's `alwaysStrict` makes it. Modules always are. */
  readonly strict?: boolean
  /**
   * Parse through shared memory: 2–3 times faster, for build tools. It reserves 6 GiB of address space, which the
   * memory figures of the process then show.
   */
  readonly fastParse?: boolean
  /**
   * For a file that was compiled: where a position of it was first written. Globs, sites and diagnostics then go by
   * the original; functions that have none (a compiler's helpers) are left alone.
   */
  readonly origin?: (position: Position) => Origin | undefined
}
