import { eachChild } from './children.ts'
import { type Class, isFunction, type Node } from './parse.ts'

/**
 * Calls `visit` with each child of a node that runs as part of the function around it. Of a nested function that is
 * nothing; of a nested class it is what is evaluated with the class definition in the function's own context:
 * decorators, `extends`, computed keys (not fields and static blocks, which cannot suspend the function).
 */
export function eachOwnChild(node: Node, visit: (child: Node) => void): void {
  if (isFunction(node)) return
  if (node.type === 'ClassDeclaration' || node.type === 'ClassExpression') eachClassPart(node, visit)
  else eachChild(node, visit)
}

function eachClassPart(node: Class, visit: (child: Node) => void): void {
  for (const decorator of node.decorators) visit(decorator)
  if (node.superClass) visit(node.superClass)
  for (const member of node.body.body) {
    if ('decorators' in member) for (const decorator of member.decorators) visit(decorator)
    if ('computed' in member && member.computed) visit(member.key)
  }
}

/** Whether `test` holds for the node or for anything below it that is the function's own code. */
export function someOwn(node: Node, test: (node: Node) => boolean): boolean {
  if (test(node)) return true
  let found = false
  eachOwnChild(node, child => {
    found ||= someOwn(child, test)
  })
  return found
}

const WORK: ReadonlySet<string> = new Set([
  'CallExpression',
  'NewExpression',
  'TaggedTemplateExpression',
  'ImportExpression',
  'ForStatement',
  'ForInStatement',
  'ForOfStatement',
  'WhileStatement',
  'DoWhileStatement',
  'AwaitExpression',
  'YieldExpression',
  'ThrowStatement',
  'JSXElement',
  'JSXFragment',
])

/** Whether code can take time, fail or suspend: it has a call, a loop, `await`, `yield` or `throw`. */
export function hasWork(node: Node): boolean {
  return someOwn(node, n => WORK.has(n.type) || (n.type === 'VariableDeclaration' && /using$/.test(n.kind)))
}
