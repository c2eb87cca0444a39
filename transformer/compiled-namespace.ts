import { type FunctionNode, type Node, unwrap } from './parse.ts'
import { lastName } from './span-name.ts'

/** What a compiler has made of a namespace or an enum. */
export interface CompiledNamespace {
  readonly name: string
  /** Under which it is known inside: `Shop_1` where something in it is called `Shop`. */
  readonly local: string
}

const DECLARATION = /^(?:(?:export|declare|const)\s+)*(?:namespace|module|enum)\s+([\w$]+)/
const FUNCTION = /^(?:async\b|function\b|\(|[\w$]+\s*=>)/

/**
 * The namespace or enum whose body a function is, in JavaScript that was TypeScript:
 * `(function (Shop) { … })(Shop || (Shop = {}))`, `(Inner = Shop.Inner || (Shop.Inner = {}))` for one inside or exported.
 * People write the same by hand, so `originalText`, the source's text from where the function came, has the last word. Where
 * that cannot be had, the names must be such as compilers give.
 */
export function compiledNamespace(
  node: FunctionNode,
  parents: readonly Node[],
  originalText: () => string | undefined,
): CompiledNamespace | undefined {
  const call = parents.findLast(({ type }) => type !== 'ParenthesizedExpression')
  const [parameter] = node.params
  if (call?.type !== 'CallExpression' || call.arguments.length !== 1 || unwrap(call.callee) !== node) return undefined
  if (node.params.length !== 1 || parameter?.type !== 'Identifier') return undefined
  const original = originalText()
  if (original !== undefined && FUNCTION.test(original)) return undefined
  const local = parameter.name
  // Enums have other forms: `(Color || {})`, `({})`.
  const declared = DECLARATION.exec(original ?? '')?.[1]
  const name = namespaceName(unwrap(call.arguments[0] as Node)) ?? declared
  if (name === undefined) return undefined
  return original !== undefined || isLikely(local, name) ? { name, local } : undefined
}

/** `Shop` is known inside as `Shop`, `Shop_1` (TypeScript), `Shop2` (esbuild) or `_Shop` (Babel, oxc). */
function isLikely(local: string, name: string): boolean {
  const candidates = [local, local.replace(/^_/, '')]
  return candidates.some(each => each.startsWith(name) && /^(_?\d+)?$/.test(each.slice(name.length)))
}

function namespaceName(argument: Node): string | undefined {
  const value = argument.type === 'AssignmentExpression' ? unwrap(argument.right) : argument
  if (value.type !== 'LogicalExpression' || value.operator !== '||') return undefined
  const made = assigned(unwrap(value.right))
  const isEmpty = made?.type === 'ObjectExpression' && made.properties.length === 0
  // oxc: `(B || (B = _A.B || (_A.B = {})))`.
  return isEmpty || (made && namespaceName(made) !== undefined) ? lastName(value.left) : undefined
}

/** The value that comes of `exports.Shop = Shop = {}`; undefined where nothing is assigned. */
function assigned(node: Node): Node | undefined {
  if (node.type !== 'AssignmentExpression') return undefined
  const value = unwrap(node.right)
  return assigned(value) ?? value
}
