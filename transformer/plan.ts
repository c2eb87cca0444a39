import type { Site } from '../model/index.ts'

/**
 * The plan of a file: which functions get a span, and at which offsets of the source each piece of them lies.
 * Readonly data, made by the planner from the source text, carried out by a renderer: as text edits
 * (`render-text.ts`) or on TypeScript's syntax tree (`render-ast.ts`, which finds the nodes by these offsets).
 * All offsets are UTF-16 units into the source as given.
 */
export interface FilePlan {
  readonly kind: 'file'
  /** Path relative to the project's root, with forward slashes. */
  readonly file: string
  readonly format: ModuleFormat
  /** In the order of the source; nested functions after the ones they are in. */
  readonly functions: readonly FunctionPlan[]
  /** What was wanted and is left alone all the same, with the reason. */
  readonly refused: readonly Refusal[]
  /** Selected by a glob, but not worth a span. */
  readonly skipped: readonly Refusal[]
  /** Left out because the configuration or `@noSpan` says so. */
  readonly excluded: readonly Refusal[]
  /** `@span` and `@noSpan` decorators that the plan makes superfluous: to be removed (line breaks in them kept). */
  readonly decorators: readonly DecoratorRange[]
  readonly diagnostics: readonly Diagnostic[]
  /** What injected names begin with: `$st_`, or longer where the source has names that begin so. */
  readonly prefix: string
  /** Where the file's own prologue may be inserted: behind a hashbang and directives. */
  readonly prologueAt: number
}

/** How the code finds the runtime: by `import`, by `require`, or under a global symbol (`script`). */
export type ModuleFormat = 'module' | 'commonjs' | 'script'

export interface Range {
  readonly start: number
  readonly end: number
}

export interface DecoratorRange extends Range {
  /** Whether a member of a class begins with it: in text, a semicolon must then take its place. */
  readonly first: boolean
}

export type FunctionShape = 'sync' | 'async' | 'generator' | 'async-generator'

export interface FunctionPlan {
  readonly kind: 'function'
  /** Index into the file's site table. */
  readonly index: number
  readonly site: Site
  readonly shape: FunctionShape
  /** The whole function node (for a method: its value from `(` on, as ESTree has it, is inside this range). */
  readonly start: number
  readonly end: number
  /** Where V8 has it begin: at its parameters. */
  readonly head: number
  /** Where V8 has it end, of a function that can fail there: a derived constructor. */
  readonly tail?: number
  readonly body: FunctionBody
  /** In the order of the source. Never inside a nested function. */
  readonly points: readonly Point[]
}

export type FunctionBody =
  /**
   * `{ … }`. `start` is at the brace, `end` behind its partner, `insertAt` behind the brace and any directives. `directive`: where
   * the last of those is, if a class comes next, which V8 has be there.
   */
  | ({ readonly kind: 'block'; readonly insertAt: number; readonly directive?: number } & Range)
  /** An arrow function's expression, parentheses included. `at`: what source maps say of the `return` that it gets. */
  | ({ readonly kind: 'expression'; readonly at: number } & Range)

/**
 * A place inside a function where its span is suspended, resumed or settled. `anchor`: what source maps say of the call
 * that is put there, so that a frame stands where it did (`last-position.ts`).
 */
export type Point =
  /** `await x`: suspended around it. */
  | ({ readonly kind: 'await'; readonly argument: Range } & Suspension)
  /** `yield x` or a bare `yield`. */
  | ({ readonly kind: 'yield'; readonly argument: Range | undefined } & Suspension)
  /** `yield* x`. */
  | ({ readonly kind: 'delegate'; readonly argument: Range; readonly anchor: number } & Suspension)
  /** `return x` in an async function (`x` may be a promise) or async generator (`x` is awaited). */
  | ({ readonly kind: 'return'; readonly argument: Range; readonly anchor: number; readonly sequence: boolean } & Value)
  /** A jump out of a `finally` block of an async function, which forgets what was to be returned. */
  | ({ readonly kind: 'forget' } & Range)
  /** The block of a `catch` or `finally` that can be reached from a suspension: begins with a resume. */
  | ({ readonly kind: 'handler' } & Range)
  /**
   * `for await (… of iterable) body`; `statement` is the whole, labels included; start and end are the loop's own.
   * `block`: whether the body is a block.
   */
  | ({
      readonly kind: 'for-await'
      readonly iterable: Range
      /** Where the frame stands while the iterable is opened. */
      readonly anchor: number
      readonly body: Range
      readonly block: boolean
      readonly statement: Range
    } & Value)
  /**
   * A `using` or `await using` declaration statement (not in a loop's head) with its declarators. `resumes`: the
   * function can be suspended while the resource is held, so that its disposal must find the span resumed.
   * `block`: for `await using`, the content of the block that ends with the disposal, behind which the span must be
   * resumed; absent where that is the function's own body.
   */
  | ({
      readonly kind: 'using'
      readonly await: boolean
      readonly resumes: boolean
      readonly block?: Range
      readonly declarators: readonly UsingDeclarator[]
    } & Range)

interface Value extends Range {
  /** What the argument begins with must be the first thing to run there: calls stand behind it (`first-evaluated.ts`). */
  readonly first: boolean
}

/** `opens`: a statement of a list begins with it. */
interface Suspension extends Value {
  readonly opens: boolean
}

/** Whether the function needs a variable to put a value aside in: something runs before the call that it is passed through. */
export function needsValue({ points }: FunctionPlan): boolean {
  return points.some(point =>
    'first' in point ? point.first : point.kind === 'using' && point.declarators.some(d => d.first),
  )
}

export interface UsingDeclarator {
  readonly name: Range
  readonly init: Range
  readonly anchor: number
  /** As with other values. */
  readonly first: boolean
  /** An anonymous function or class, which gets its name from the declaration only where nothing is around it. */
  readonly namesValue: boolean
}

export interface Refusal {
  readonly name: string
  readonly file: string
  readonly line: number
  readonly column: number
  readonly reason: string
}

export interface Diagnostic {
  readonly severity: 'warning' | 'error'
  /** A key of `DIAGNOSTICS`. */
  readonly code: string
  readonly message: string
  readonly file: string
  /** 1-based; absent for what concerns no place in the file. */
  readonly line?: number
  readonly column?: number
}
