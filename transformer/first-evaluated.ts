import { type Node, unwrap } from './parse.ts'

/**
 * Whether what an expression does first may fail without a place of its own: V8 then names the place of the statement, if the
 * expression is the first thing in it. So a variable that is missing, and a `delete`. A call of ours that encloses the
 * expression would come first in its place; it must stand behind it.
 */
export function failsFirst(node: Node, declared: ReadonlySet<string>): boolean {
  const first = firstEvaluated(node)
  if (first?.type === 'Identifier') return !declared.has(first.name) && !LANGUAGE.has(first.name)
  return first?.type === 'UnaryExpression'
}

/** Names that no file declares and every program has, of those that stand first most often. */
const LANGUAGE: ReadonlySet<string> = new Set(
  'undefined NaN Infinity arguments globalThis Array BigInt Boolean Date Error JSON Map Math Number Object Promise Reflect RegExp Set String Symbol'.split(
    ' ',
  ),
)

/** The variable, or the `delete`, that an expression begins with when it runs; undefined where it begins with something else. */
function firstEvaluated(node: Node): Node | undefined {
  const inner = unwrap(node)
  const next = beforeIt(inner)
  if (next) return firstEvaluated(next)
  const isDelete = inner.type === 'UnaryExpression' && inner.operator === 'delete'
  return inner.type === 'Identifier' || isDelete ? inner : undefined
}

function isTypeOfName({ operator, argument }: Extract<Node, { type: 'UnaryExpression' }>): boolean {
  return operator === 'typeof' && unwrap(argument).type === 'Identifier'
}

/** The part of an expression that runs before all the rest of it. */
function beforeIt(node: Node): Node | null | undefined {
  switch (node.type) {
    case 'MemberExpression':
      return node.object
    case 'CallExpression':
    case 'NewExpression':
      return node.callee
    case 'TaggedTemplateExpression':
      return node.tag
    case 'BinaryExpression':
    case 'LogicalExpression':
      return node.left
    case 'ConditionalExpression':
      return node.test
    case 'SequenceExpression':
    case 'TemplateLiteral':
      return node.expressions[0]
    case 'AssignmentExpression':
      return node.operator === '=' && node.left.type === 'Identifier' ? node.right : node.left
    case 'AwaitExpression':
    case 'YieldExpression':
    case 'UpdateExpression':
    case 'SpreadElement':
      return node.argument
    case 'UnaryExpression':
      return node.operator === 'delete' || isTypeOfName(node) ? undefined : node.argument
    case 'ChainExpression':
      return node.expression
    case 'ImportExpression':
      return node.source
    default:
      return undefined
  }
}
