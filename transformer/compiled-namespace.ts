import { type FunctionNode, type Node, unwrap } from './parse.ts'
import { lastName } from './span-name.ts'

/** What a compiler has made of a namespace or an enum. */
export interface CompiledNamespace {
  readonly name: string
  /** Under which it is known inside: `Shop_1` where something in it is called `Shop`. */
  readonly local: string
}

/**
 * The namespace whose body a function is, in JavaScript that was TypeScript: `(function (Shop) { … })(Shop || (Shop = {}))`,
 * `(Inner = Shop.Inner || (Shop.Inner = {}))` for one inside or exported.
 */
export function compiledNamespace(node: FunctionNode, parents: readonly Node[]): CompiledNamespace | undefined {
  const call = parents.findLast(({ type }) => type !== 'ParenthesizedExpression')
  const [parameter] = node.params
  if (call?.type !== 'CallExpression' || call.arguments.length !== 1 || unwrap(call.callee) !== node) return undefined
  if (node.params.length !== 1 || parameter?.type !== 'Identifier') return undefined
  const name = namespaceName(unwrap(call.arguments[0] as Node))
  return name === undefined ? undefined : { name, local: parameter.name }
}

function namespaceName(argument: Node): string | undefined {
  const value = argument.type === 'AssignmentExpression' ? unwrap(argument.right) : argument
  if (value.type !== 'LogicalExpression' || value.operator !== '||') return undefined
  const made = unwrap(value.right)
  if (made.type !== 'AssignmentExpression') return undefined
  const object = unwrap(made.right)
  const isEmpty = object.type === 'ObjectExpression' && object.properties.length === 0
  return isEmpty ? lastName(value.left) : undefined
}
