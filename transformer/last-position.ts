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
    case 'ObjectExpression':
      return lastProperty(node, code)
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

type ObjectExpression = Extract<Node, { type: 'ObjectExpression' }>

// V8 sets one property after the other, each at its value, or where its method begins; what is constant it copies, and accessors it makes
// behind the rest, unless a computed name came before.
function lastProperty({ properties }: ObjectExpression, code: string): number | undefined {
  const computed = properties.findIndex(property => property.type === 'Property' && property.computed)
  for (let i = properties.length - 1; i >= 0; i--) {
    const property = properties[i] as (typeof properties)[number]
    const isSet = (computed >= 0 && i >= computed) || !(isAccessor(property) || isConstant(property))
    const position = isSet ? propertyPosition(property, code) : undefined
    if (position !== undefined) return position
  }
  return undefined
}

function propertyPosition(property: ObjectExpression['properties'][number], code: string): number {
  if (property.type !== 'Property') return valuePosition(property.argument, code)
  return property.method || property.kind !== 'init' ? property.start : valuePosition(property.value, code)
}

function valuePosition(value: Node, code: string): number {
  const inner = value.type === 'UnaryExpression' && value.operator === '!' ? value.argument : value
  return lastPosition(inner, code) ?? unwrap(inner).start
}

function isAccessor(property: Node): boolean {
  return property.type === 'Property' && property.kind !== 'init'
}

/** What V8 copies from a pattern of the literal. */
function isConstant(node: Node): boolean {
  switch (node.type) {
    case 'Literal':
      return !('regex' in node)
    case 'TemplateLiteral':
      return node.expressions.length === 0
    case 'Property':
      return node.kind === 'init' && !node.method && !node.computed && isConstant(node.value)
    case 'ObjectExpression':
      return node.properties.every(isConstant)
    case 'ArrayExpression':
      return node.elements.every(element => element === null || isConstant(element))
    default:
      return false
  }
}

type Call = Extract<Node, { type: 'CallExpression' }>

// Names that V8 takes no call's place from, where they are those of members.
const KEYWORD =
  /^(break|case|catch|class|const|continue|debugger|default|delete|do|else|enum|export|extends|false|finally|for|function|if|import|in|instanceof|new|null|return|switch|this|throw|true|try|typeof|var|void|while|with)$/

// At the name that is called; where there is none, or it is a keyword (`promise.catch()`), at the parenthesis.
export function callPosition({ callee, optional, typeArguments }: Call, code: string): number | undefined {
  const called = callee.type === 'TSNonNullExpression' ? unwrap(callee) : callee
  if (!optional && (called.type === 'Identifier' || called.type === 'Super')) return called.start
  if (!optional && called.type === 'MemberExpression' && !called.computed && !isKeyword(called.property))
    return called.property.start
  return tokenFrom(code, (typeArguments ?? callee).end, '(')
}

function isKeyword(name: Node): boolean {
  return name.type === 'Identifier' && KEYWORD.test(name.name)
}

const BETWEEN = /(?:[\s!)]|\?\.|\/\*[\s\S]*?\*\/|\/\/.*)*/y

/** The offset of a token, behind comments, what closes an expression, and `?.`; undefined where it is not there. */
export function tokenFrom(code: string, from: number, token: string): number | undefined {
  BETWEEN.lastIndex = from
  BETWEEN.test(code)
  return code.startsWith(token, BETWEEN.lastIndex) ? BETWEEN.lastIndex : undefined
}
