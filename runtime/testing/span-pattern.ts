import {
  type Attributes,
  durationOf,
  type ErrorRecord,
  type ErrorReference,
  type Level,
  type Span,
  type SpanKind,
  type Status,
} from '../../model/index.ts'

/** What a span has to be like; what is left out can be anything. */
export interface SpanPattern {
  readonly name?: string | RegExp
  readonly status?: Status
  readonly level?: Level
  readonly kind?: SpanKind
  /** Some of the span's attributes; `expect.anything()` and its like are understood. */
  readonly attributes?: { readonly [name: string]: unknown }
  /** The error that left the span: its type or its message, or both. */
  readonly error?: string | RegExp | ErrorPattern
  /** Text of a message logged in the span itself. */
  readonly message?: string | RegExp
  /** Still running when its root had ended. */
  readonly floating?: boolean
  /** Milliseconds that the span took at least, and at most. */
  readonly minDuration?: number
  readonly maxDuration?: number
}

export interface ErrorPattern {
  readonly type?: string | RegExp
  readonly message?: string | RegExp
}

/** Deep equality of the test framework, which knows its asymmetric matchers. */
export type Equals = (actual: unknown, expected: unknown) => boolean

/** One check for each key of a pattern. */
const CHECKS: { readonly [K in keyof SpanPattern]-?: Check<NonNullable<SpanPattern[K]>> } = {
  name: (span, expected) => fits(span.name, expected),
  status: (span, expected) => span.status === expected,
  level: (span, expected) => span.level === expected,
  kind: (span, expected) => span.kind === expected,
  attributes: (span, expected, equals) => contains(span.attributes, expected, equals),
  error: (span, expected) => errorFits(span.exitError, expected),
  message: (span, expected) => span.messages.some(({ text }) => fits(text, expected)),
  floating: (span, expected) => (span.floating ?? false) === expected,
  minDuration: (span, expected) => (milliseconds(span) ?? -1) >= expected,
  maxDuration: (span, expected) => (milliseconds(span) ?? Number.POSITIVE_INFINITY) <= expected,
}

type Check<T> = (span: Span, expected: T, equals: Equals) => boolean

/** Whether the span is like the pattern. Throws a `TypeError` for a key that patterns do not have. */
export function matches(span: Span, pattern: SpanPattern, equals: Equals): boolean {
  return Object.entries(pattern).every(([key, expected]) => {
    if (!Object.hasOwn(CHECKS, key)) throw new TypeError(`a span cannot be matched by ${JSON.stringify(key)}: ${KEYS}`)
    return expected === undefined || (CHECKS[key as keyof SpanPattern] as Check<unknown>)(span, expected, equals)
  })
}

const KEYS = `the keys are ${Object.keys(CHECKS).join(', ')}`

/** `a span named "charge" with status "failed"`. */
export function describePattern({ name, ...rest }: SpanPattern): string {
  const what = name === undefined ? 'a span' : `a span named ${asText(name)}`
  const how = Object.entries(rest).filter(([, value]) => value !== undefined)
  return how.length === 0 ? what : `${what} with ${how.map(([key, value]) => `${key} ${asText(value)}`).join(', ')}`
}

function asText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (value instanceof RegExp) return String(value)
  if ('asymmetricMatch' in value) return matcherText(value)
  return `{ ${Object.entries(value)
    .map(([key, part]) => `${key}: ${asText(part)}`)
    .join(', ')} }`
}

/** `Any<Number>`, as vitest and Jest write what `expect.any(Number)` makes. */
function matcherText(matcher: object): string {
  const { toAsymmetricMatcher } = matcher as { toAsymmetricMatcher?: () => string }
  return typeof toAsymmetricMatcher === 'function' ? toAsymmetricMatcher.call(matcher) : String(matcher)
}

function fits(text: string, expected: string | RegExp): boolean {
  return typeof expected === 'string' ? text === expected : text.search(expected) >= 0
}

function contains(actual: Attributes, expected: { readonly [name: string]: unknown }, equals: Equals): boolean {
  return Object.entries(expected).every(([name, value]) => name in actual && equals(actual[name], value))
}

function errorFits(error: ErrorRecord | ErrorReference | undefined, expected: string | RegExp | ErrorPattern): boolean {
  if (!error) return false
  if (typeof expected === 'string' || expected instanceof RegExp) {
    return fits(error.type, expected) || fits(error.message, expected)
  }
  const { type, message } = expected
  return (type === undefined || fits(error.type, type)) && (message === undefined || fits(error.message, message))
}

function milliseconds(span: Span): number | undefined {
  const duration = durationOf(span)
  return duration === undefined ? undefined : Number(duration) / 1e6
}
