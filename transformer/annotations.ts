import type { SiteOptions } from '../model/index.ts'
import type { Comment, Decorator, Expression, Node, Program } from './parse.ts'
import { unwrap } from './parse.ts'
import type { Range } from './plan.ts'

/** A `@span` or `@noSpan`, as JSDoc tag or as decorator. */
export interface Annotation extends Range {
  readonly kind: 'tag' | 'decorator'
  readonly tag: '@span' | '@noSpan'
  /** Replaces the name that the source gives. */
  readonly name?: string
  readonly options: SiteOptions
  /** Why a decorator's arguments cannot be read: it keeps its effect at run time. */
  readonly unreadable?: string
  /** For a tag: the offset of the first token behind its comment. */
  readonly target: number
  /** Whether it is a decorator that a member of a class begins with. */
  first: boolean
  /** Set when something was found that it is meant for. */
  used: boolean
}

/** The annotations of a file: tags by the offset of the token they precede, decorators by their node. */
export interface Annotations {
  readonly all: Annotation[]
  /** Whether there may be any, read or yet to be read. */
  readonly possible: boolean
  tagsAt(offset: number): readonly Annotation[]
  decorator(node: Decorator): Annotation | undefined
  /** The offset of the first token at or behind `offset`. */
  tokenFrom(offset: number): number
}

const TAG = /^[\s*]*(@span|@noSpan)(?![\w$])[^\S\n]*(.*)$/gm
const NO_TAGS: readonly Annotation[] = []

export function readAnnotations(program: Program, comments: readonly Comment[], code: string): Annotations {
  let ends: ReadonlyMap<number, number> | undefined
  const tokenFrom = (offset: number): number => {
    ends ??= new Map(comments.map(comment => [comment.start, comment.end]))
    return skipTrivia(code, offset, ends)
  }
  const all = comments.flatMap(comment => tagsOf(comment, tokenFrom))
  const byTarget = new Map<number, Annotation[]>()
  for (const tag of all) byTarget.set(tag.target, [...(byTarget.get(tag.target) ?? []), tag])
  const imported = importedNames(program)
  const decorators = new Map<number, Annotation | undefined>()
  return {
    all,
    possible: all.length > 0 || imported.size > 0,
    tagsAt: offset => byTarget.get(offset) ?? NO_TAGS,
    decorator: node => {
      if (imported.size === 0 || decorators.has(node.start)) return decorators.get(node.start)
      const annotation = readDecorator(node, imported)
      decorators.set(node.start, annotation)
      if (annotation) all.push(annotation)
      return annotation
    },
    tokenFrom,
  }
}

function skipTrivia(code: string, from: number, comments: ReadonlyMap<number, number>): number {
  let at = from
  for (;;) {
    while (at < code.length && /\s/.test(code[at] as string)) at++
    const end = comments.get(at)
    if (end === undefined) return at
    at = end
  }
}

function tagsOf(comment: Comment, tokenFrom: (offset: number) => number): Annotation[] {
  if (comment.type !== 'Block' || !comment.value.startsWith('*') || !comment.value.includes('@')) return []
  // Examples in a documentation are no annotations.
  const text = comment.value.replace(/```[\s\S]*?```/g, example => example.replace(/[^\n]/g, ' '))
  return [...text.matchAll(TAG)].map(match => {
    const tag = match[1] as Annotation['tag']
    const start = comment.start + 2 + match.index + match[0].indexOf(tag)
    const name = tag === '@span' ? (match[2] as string).trim() : ''
    const target = tokenFrom(comment.end)
    return {
      kind: 'tag',
      tag,
      start,
      end: start + tag.length,
      target,
      options: {},
      first: false,
      used: false,
      ...(name && { name }),
    }
  })
}

/** Comments that look like an annotation and are none: `// @span`. */
export function almostTags(comments: readonly Comment[]): { tag: string; start: number }[] {
  return comments.flatMap(comment => {
    if (comment.value.startsWith('*')) return []
    const match = /^\s*(@span|@noSpan)\s*$/.exec(comment.value)
    return match ? [{ tag: match[1] as string, start: comment.start }] : []
  })
}

// Local names of `span` and `noSpan` (and of namespaces that hold them) to what they stand for.
function importedNames(program: Program): ReadonlyMap<string, '@span' | '@noSpan' | '*'> {
  const names = new Map<string, '@span' | '@noSpan' | '*'>()
  for (const statement of program.body) {
    if (statement.type !== 'ImportDeclaration') continue
    if (!/^span-tree(\/decorators)?$/.test(statement.source.value)) continue
    for (const specifier of statement.specifiers) {
      if (specifier.type === 'ImportNamespaceSpecifier') names.set(specifier.local.name, '*')
      if (specifier.type !== 'ImportSpecifier' || specifier.imported.type !== 'Identifier') continue
      const imported = specifier.imported.name
      if (imported === 'span' || imported === 'noSpan') names.set(specifier.local.name, `@${imported}`)
    }
  }
  return names
}

function readDecorator(node: Decorator, imported: ReadonlyMap<string, string>): Annotation | undefined {
  const expression = unwrap(node.expression)
  const call = expression.type === 'CallExpression' ? expression : undefined
  const tag = annotationNamed(call ? unwrap(call.callee) : expression, imported)
  if (!tag) return undefined
  const { start, end } = node
  const read = tag === '@span' && call ? readArguments(call.arguments as readonly Node[]) : { options: {} }
  return { kind: 'decorator', tag, start, end, target: start, first: false, used: false, ...read }
}

function annotationNamed(node: Node, imported: ReadonlyMap<string, string>): Annotation['tag'] | undefined {
  if (node.type === 'Identifier') {
    const tag = imported.get(node.name)
    return tag === '@span' || tag === '@noSpan' ? tag : undefined
  }
  if (node.type !== 'MemberExpression' || node.object.type !== 'Identifier') return undefined
  if (imported.get(node.object.name) !== '*' || node.property.type !== 'Identifier') return undefined
  const { name } = node.property
  return name === 'span' || name === 'noSpan' ? `@${name}` : undefined
}

type Arguments = Pick<Annotation, 'name' | 'options' | 'unreadable'>

const LEVELS = /^(debug|info|warning|error|critical)$/
const KINDS = /^(internal|server|client|producer|consumer)$/

function readArguments(nodes: readonly Node[]): Arguments {
  const [first, second] = nodes
  if (!first) return { options: {} }
  const text = literal(first)
  if (!second && typeof text === 'string') return { name: text, options: {} }
  if (second || first.type !== 'ObjectExpression') return unreadable('are not literals')
  return readOptions(first)
}

function readOptions(node: Extract<Expression, { type: 'ObjectExpression' }>): Arguments {
  const read: Record<string, unknown> = {}
  for (const property of node.properties) {
    if (property.type !== 'Property' || property.computed) return unreadable('are not literals')
    const key = property.key.type === 'Identifier' ? property.key.name : String(literal(property.key))
    const value = literal(property.value)
    if (value === undefined) return unreadable('are not literals')
    if (!isOption(key, value)) return unreadable(`have an unknown option or value: ${key}`)
    read[key] = value
  }
  const { name, ...options } = read as { name?: string } & SiteOptions
  return name === undefined ? { options } : { name, options }
}

function isOption(key: string, value: unknown): boolean {
  if (key === 'name') return typeof value === 'string'
  if (key === 'minDuration') return typeof value === 'number'
  if (typeof value !== 'string') return false
  return key === 'level' ? LEVELS.test(value) : key === 'kind' && KINDS.test(value)
}

function literal(node: Node): string | number | undefined {
  const inner = unwrap(node)
  if (inner.type === 'TemplateLiteral' && inner.expressions.length === 0) return inner.quasis[0]?.value.cooked ?? ''
  if (inner.type !== 'Literal') return undefined
  return typeof inner.value === 'string' || typeof inner.value === 'number' ? inner.value : undefined
}

function unreadable(why: string): Arguments {
  return { options: {}, unreadable: `the arguments of its decorator ${why}: the decorator wraps it at run time` }
}
