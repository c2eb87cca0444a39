import { type DiagnosticCode, diagnostic } from '../diagnostics.ts'
import type { SelectOptions } from '../options.ts'
import type { Diagnostic } from '../plan.ts'
import type { Position } from '../positions.ts'
import { didYouMean } from './did-you-mean.ts'
import { OPTIONS, type OptionType } from './option-types.ts'

/** Finds where an option stands in the text that it was written in; the last part of the path is its key. */
export type Locate = (path: readonly (string | number)[]) => Position | undefined

/**
 * Checks a configuration as a user wrote it; what is wrong is left out of `options` and reported, one line each.
 * `where` names the place, such as the path of a tsconfig; `others` are keys that the place has a use for itself.
 */
export function validateOptions(
  raw: unknown,
  where: string,
  others: readonly string[] = [],
  locate?: Locate,
): { options: SelectOptions; diagnostics: readonly Diagnostic[] } {
  if (raw === undefined || raw === null) return { options: {}, diagnostics: [] }
  const diagnostics: Diagnostic[] = []
  const options = check(raw, OPTIONS, [], {
    others,
    report: (code, path, values) => diagnostics.push(diagnostic(code, values, where, locate?.(path))),
  })
  return { options: (options ?? {}) as SelectOptions, diagnostics }
}

interface Context {
  readonly others: readonly string[]
  report(code: DiagnosticCode, path: Path, values: Readonly<Record<string, string>>): void
}

type Path = readonly (string | number)[]

/** The value without what is wrong in it; undefined where nothing is left. */
function check(value: unknown, type: OptionType, path: Path, context: Context): unknown {
  if (!type.accepts(value)) {
    const key = path.length === 0 ? 'span-tree' : written(path)
    context.report('SPT2002', path, { key, expected: type.expected, actual: describe(value) })
    return undefined
  }
  if (type.items) return checkItems(value as readonly unknown[], type.items, path, context)
  return type.keys ? checkKeys(value as Record<string, unknown>, type, path, context) : value
}

function checkItems(items: readonly unknown[], type: OptionType, path: Path, context: Context): unknown[] {
  return items.map((item, i) => check(item, type, [...path, i], context)).filter(item => item !== undefined)
}

function checkKeys(value: Record<string, unknown>, type: OptionType, path: Path, context: Context): unknown {
  const { keys = {}, required = [] } = type
  const others = path.length === 0 ? context.others : []
  const checked: Record<string, unknown> = {}
  for (const [key, each] of Object.entries(value)) {
    if (others.includes(key) || each === undefined) continue
    const known = Object.hasOwn(keys, key) ? keys[key] : undefined
    const at = [...path, key]
    if (!known) {
      const hint = didYouMean(key, Object.keys(keys), others)
      context.report('SPT2001', at, { key: written(at), hint })
      continue
    }
    const kept = check(each, known, at, context)
    if (kept !== undefined) checked[key] = kept
  }
  const missing = required.find(key => value[key] === undefined)
  if (missing !== undefined) {
    const expected = keys[missing]?.expected ?? ''
    context.report('SPT2002', path, { key: written([...path, missing]), expected, actual: 'absent' })
  }
  return required.every(key => Object.hasOwn(checked, key)) ? checked : undefined
}

/** `rules[0].minDuration`. */
function written(path: Path): string {
  return path.map((part, i) => (typeof part === 'number' ? `[${part}]` : i === 0 ? part : `.${part}`)).join('')
}

function describe(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'function') return 'a function'
  return value !== null && typeof value === 'object' ? 'an object' : String(value)
}
