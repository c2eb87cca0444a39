import type { Span, SpanTree } from '../model/index.ts'
import { spansOf } from '../model/index.ts'

/**
 * What a `TraceStore` answers, as JSON: bigints are decimal texts, and a tree is the list of its spans, parents first, since trees can
 * be deeper than a parser's stack. What programs recorded is left as it is.
 */
export function answerJson(answer: unknown): string {
  return JSON.stringify(writable(answer)) ?? 'null'
}

/** What `answerJson` wrote; for what did not come from there nothing is promised. Throws a `SyntaxError` for what is no JSON. */
export function answerOf<T>(json: string): T {
  return revived(JSON.parse(json)) as T
}

/** Fields whose content is the program's own, or a sender's: a text of digits in it is a text. */
const FOREIGN = new Set(['attributes', 'arguments', 'tags', 'health'])

/** Fields that hold bigints; where they hold a number, it stays one. */
const BIG = new Set(
  'rev start startTime endTime time duration queueDuration last since until total min max p50 p99 queueMax'.split(' '),
)

function writable(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(writable)
  if (isTree(value)) return { ...value, root: undefined, spans: flat(value.root) }
  return mapped(value, writable)
}

function revived(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(revived)
  const fields = mapped(value, (each, name) => (BIG.has(name) ? bigOf(each) : revived(each)))
  return 'traceId' in fields && Array.isArray(fields['spans']) ? grown(fields) : fields
}

function mapped(value: object, change: (value: unknown, name: string) => unknown): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, FOREIGN.has(name) ? each : change(each, name)]),
  )
}

function bigOf(value: unknown): unknown {
  return typeof value === 'string' && /^-?\d+$/.test(value) ? BigInt(value) : value
}

function isTree(value: object): value is SpanTree {
  return 'root' in value && 'traceId' in value && typeof value.root === 'object'
}

function flat(root: Span): unknown[] {
  return Array.from(spansOf(root), ({ span: { children: _, ...fields } }) => writable(fields))
}

type Growing = Span & { children: Span[] }

function grown({ spans, ...tree }: Record<string, unknown>): unknown {
  const all = (spans as Span[]).map((span): Growing => ({ ...span, children: [] }))
  const byId = new Map(all.map(span => [span.id, span]))
  const [root, ...rest] = all
  for (const span of rest) byId.get(span.parentId as string)?.children.push(span)
  return { ...tree, root }
}
