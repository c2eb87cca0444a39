import type { CaptureOptions, FunctionOptions, Rule, SelectOptions } from '../options.ts'

/** What an option may be. */
export interface OptionType {
  accepts(value: unknown): boolean
  /** Behind `must be`. */
  readonly expected: string
  /** For an object: its keys, and those that it cannot be without. */
  readonly keys?: Readonly<Record<string, OptionType>>
  readonly required?: readonly string[]
  /** For an array: what its items may be. */
  readonly items?: OptionType
}

const LEVEL_NAMES = ['debug', 'info', 'warning', 'error', 'critical']
const KIND_NAMES = ['internal', 'server', 'client', 'producer', 'consumer']

const BOOLEAN: OptionType = { accepts: value => typeof value === 'boolean', expected: 'true or false' }
const GLOBS = strings('an array of globs')
const NAMES = strings('an array of name patterns')
const MILLISECONDS: OptionType = {
  accepts: value => typeof value === 'number' && value >= 0,
  expected: 'a number of milliseconds',
}
const PREDICATE: OptionType = {
  accepts: value => typeof value === 'function',
  expected: 'a function (in a configuration that is code)',
}

const CAPTURE = object({
  arguments: BOOLEAN,
  results: BOOLEAN,
  redact: strings('an array of paths'),
} satisfies Record<keyof CaptureOptions, OptionType>)

const OF_FUNCTIONS = {
  skipTrivial: BOOLEAN,
  captureArguments: BOOLEAN,
  capture: CAPTURE,
  minDuration: MILLISECONDS,
  level: oneOf(LEVEL_NAMES),
  kind: oneOf(KIND_NAMES),
} satisfies Record<keyof FunctionOptions, OptionType>

const RULE: OptionType = {
  ...object({ files: GLOBS, functions: NAMES, ...OF_FUNCTIONS } satisfies Record<keyof Rule, OptionType>),
  required: ['files'],
}

/** Every option that can be written down, with its type. */
export const OPTIONS: OptionType = object({
  include: GLOBS,
  exclude: GLOBS,
  functions: NAMES,
  ...OF_FUNCTIONS,
  rules: { accepts: Array.isArray, expected: 'an array of rules', items: RULE },
  predicate: PREDICATE,
} satisfies Record<keyof SelectOptions, OptionType>)

function strings(expected: string): OptionType {
  return { accepts: value => Array.isArray(value) && value.every(item => typeof item === 'string'), expected }
}

function oneOf(names: readonly string[]): OptionType {
  return { accepts: value => names.includes(value as string), expected: `one of ${names.join(', ')}` }
}

function object(keys: Readonly<Record<string, OptionType>>): OptionType {
  const accepts = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value)
  return { accepts, expected: 'an object', keys }
}
