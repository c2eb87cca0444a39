/** What sort of function a site is, as the source wrote it. */
export type FunctionKind =
  | 'function'
  | 'arrow'
  | 'method'
  | 'getter'
  | 'setter'
  | 'constructor'
  /** Not a function of the source: a span begun by hand (`logger.span`, `logger.start`). */
  | 'manual'

/** OpenTelemetry's span kinds. */
export type SpanKind = 'internal' | 'server' | 'client' | 'producer' | 'consumer'

/** What was asked for one function, beyond its being traced. */
export interface SiteOptions {
  readonly level?: Level
  readonly kind?: SpanKind
  /** Milliseconds. Spans that took less are dropped, unless they failed. */
  readonly minDuration?: number
  /** Whether what the function returns is recorded. */
  readonly results?: boolean
  /** Paths of captured values that are never kept: `order.card.number`, `result.items[*].price`. */
  readonly redact?: readonly string[]
}

/** Severity, in rising order; the names that the logger's methods carry. */
export type Level = 'debug' | 'info' | 'warning' | 'error' | 'critical'

/**
 * One place in the source where spans begin. Made at compile time (or, for spans begun by hand, at the first
 * call), shared by all spans of the place.
 */
export interface Site {
  /** Stable when lines move: `file#qualified name`, with `~2`, `~3` … for later functions of the same name. */
  readonly id: string
  /** As a person would say it: `OrderService.checkout`, `checkout › validate`, `<anonymous @ map>`. */
  readonly name: string
  readonly functionKind: FunctionKind
  /** Path of the original source, relative to the project's root, with forward slashes. */
  readonly file: string
  /**
   * 1-based line of the original source; with `column`, where the name begins of what is declared by name (function
   * declarations, named function expressions, methods, accessors, constructors), else where the function's first token does.
   */
  readonly line: number
  /** 1-based column of the original source, in UTF-16 units. */
  readonly column: number
  /** Names of the parameters, in order, as far as they are plain or destructured names. */
  readonly parameters: readonly string[]
  readonly options: SiteOptions
  /**
   * Where the running module lies: `import.meta.url` or `__filename`. Absolute, known only at run time, and never
   * exported: it lets a terminal find `file` on this machine.
   */
  readonly module?: string
}
