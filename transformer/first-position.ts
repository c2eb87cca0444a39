import { callPosition, tokenFrom } from './last-position.ts'
import { type Node, unwrap } from './parse.ts'

/**
 * Where V8 has an arrow function's expression be, which it takes for a `return`: what comes first in it and has no position of its
 * own (a variable that is missing, a class whose base is none) fails there.
 */
export function firstPosition(node: Node, code: string): number {
  const inner = unwrap(node)
  switch (inner.type) {
    case 'CallExpression':
      return callPosition(inner, code) ?? inner.start
    case 'MemberExpression':
      return (inner.computed ? tokenFrom(code, inner.object.end, '[') : inner.property.start) ?? inner.start
    case 'AssignmentExpression':
      return tokenFrom(code, inner.left.end, inner.operator) ?? inner.start
    case 'TaggedTemplateExpression':
      return inner.quasi.start
    case 'BinaryExpression':
    case 'LogicalExpression': {
      // `a + b + c` is one operation, at its first operand.
      const left = leftmost(inner, inner.operator)
      const isOne = left === unwrap(inner.left)
      return isOne ? (tokenFrom(code, inner.left.end, inner.operator) ?? inner.start) : firstPosition(left, code)
    }
    case 'SequenceExpression': {
      const [first, second] = inner.expressions as [Node, Node]
      return inner.expressions.length === 2 ? unwrap(second).start : firstPosition(first, code)
    }
    default:
      return inner.start
  }
}

function leftmost(node: Node, operator: string): Node {
  const inner = unwrap(node)
  return 'left' in inner && 'operator' in inner && inner.operator === operator ? leftmost(inner.left, operator) : inner
}
