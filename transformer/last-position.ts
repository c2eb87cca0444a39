import { type Node, unwrap } from './parse.ts'

/**
 * Where V8 says that a frame is when what runs has no position of its own: at whatever, in the order of the code, was the last
 * thing before it that has one. A call that is put around an expression stands in its way, and must lead to the same place.
 * Undefined where nothing in the expression has a position: then it is the statement's.
 */
export function lastPosition(node: Node, code: string): number | undefined {
  switch (node.type) {
    case 'CallExpression':
      return callPosition(node, code)
    case 'NewExpression':
    case 'AwaitExpression':
    case 'YieldExpression':
    case 'ImportExpression':
    case 'UpdateExpression':
      return node.start
    case 'TaggedTemplateExpression':
      return node.quasi.start
    case 'MemberExpression':
      return node.computed ? tokenFrom(code, node.object.end, '[') : node.property.start
    case 'ChainExpression':
    case 'SpreadElement':
    case 'UnaryExpression':
      return lastPosition(node.type === 'ChainExpression' ? node.expression : node.argument, code)
    case 'AssignmentExpression':
    case 'BinaryExpression':
      return tokenFrom(code, node.left.end, node.operator)
    default:
      return lastOf(parts(node), code)
  }
}

/** What is evaluated for the value of a node, in this order. */
function parts(node: Node): readonly (Node | null)[] {
  switch (node.type) {
    case 'ConditionalExpression':
      return [node.test, node.consequent, node.alternate]
    case 'LogicalExpression':
      return [node.left, node.right]
    case 'SequenceExpression':
    case 'TemplateLiteral':
      return node.expressions
    case 'ArrayExpression':
      return node.elements
    case 'ObjectExpression':
      return node.properties.map(property => (property.type === 'Property' ? property.value : property))
    default: {
      const inner = unwrap(node)
      return inner === node ? [] : [inner]
    }
  }
}

function lastOf(nodes: readonly (Node | null)[], code: string): number | undefined {
  for (let i = nodes.length - 1; i >= 0; i--) {
    const position = nodes[i] ? lastPosition(nodes[i] as Node, code) : undefined
    if (position !== undefined) return position
  }
  return undefined
}

type Call = Extract<Node, { type: 'CallExpression' }>

// At the name that is called; where there is none, at the parenthesis.
export function callPosition({ callee, optional, typeArguments }: Call, code: string): number | undefined {
  const called = callee.type === 'TSNonNullExpression' ? unwrap(callee) : callee
  if (!optional && (called.type === 'Identifier' || called.type === 'Super')) return called.start
  if (!optional && called.type === 'MemberExpression' && !called.computed) return called.property.start
  return tokenFrom(code, (typeArguments ?? callee).end, '(')
}

const BETWEEN = /(?:[\s!)]|\?\.|\/\*[\s\S]*?\*\/|\/\/.*)*/y

/** The offset of a token, behind comments, what closes an expression, and `?.`; undefined where it is not there. */
export function tokenFrom(code: string, from: number, token: string): number | undefined {
  BETWEEN.lastIndex = from
  BETWEEN.test(code)
  return code.startsWith(token, BETWEEN.lastIndex) ? BETWEEN.lastIndex : undefined
}
