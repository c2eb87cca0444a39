import type { Attributes, AttributeValue } from '../model/index.ts'
import { define } from './capture.ts'
import { REDACTED } from './secrets.ts'

type Path = readonly string[]

const parsed = new WeakMap<readonly string[], readonly Path[]>()

/**
 * Captured values without those at the paths: `order.card.number`, `users[*].email`; `*` stands for any one name,
 * `**` for any number of them. Works on what was captured, so it can neither run the program's code nor throw.
 */
export function withoutPaths(values: Attributes, paths: readonly string[] | undefined): Attributes {
  return paths === undefined ? values : (hide(values, parse(paths)) as Attributes)
}

function parse(paths: readonly string[]): readonly Path[] {
  let known = parsed.get(paths)
  if (!known) parsed.set(paths, (known = paths.map(parsePath)))
  return known
}

// `a[0]["b-c"].d` is `a`, `0`, `b-c`, `d`.
function parsePath(path: string): Path {
  return [...path.matchAll(/\[(["'])(.*?)\1\]|\[([^\]]*)\]|([^.[\]]+)/g)].map(([, , quoted, index, name]) => {
    return quoted ?? index ?? name ?? ''
  })
}

function hide(value: AttributeValue, paths: readonly Path[]): AttributeValue {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item: AttributeValue, i) => hideEntry(String(i), item, paths))
  const kept: Record<string, AttributeValue> = {}
  for (const [name, each] of Object.entries(value)) define(kept, name, hideEntry(name, each, paths))
  return kept
}

function hideEntry(name: string, value: AttributeValue, paths: readonly Path[]): AttributeValue {
  const rest = paths.flatMap(path => below(path, name))
  if (rest.some(path => path.every(part => part === '**'))) return REDACTED
  return rest.length === 0 ? value : hide(value, rest)
}

/** What is left of a path once it has gone down by one name. */
function below(path: Path, name: string): Path[] {
  const [first, ...rest] = path
  if (first === '**') return [path, ...below(rest, name)]
  return first === '*' || first === name ? [rest] : []
}
