import type { Node } from './parse.ts'
import { type FunctionNode, isFunction } from './parse.ts'

/** The names that a parameter or a destructuring pattern binds, in order. */
export function boundNames(pattern: Node): string[] {
  switch (pattern.type) {
    case 'Identifier':
      return pattern.name === 'this' ? [] : [pattern.name]
    case 'AssignmentPattern':
      return boundNames(pattern.left)
    case 'RestElement':
      return boundNames(pattern.argument)
    case 'TSParameterProperty':
      return boundNames(pattern.parameter)
    case 'ArrayPattern':
      return pattern.elements.flatMap(element => (element ? boundNames(element) : []))
    case 'ObjectPattern':
      return pattern.properties.flatMap(p => boundNames(p.type === 'RestElement' ? p.argument : p.value))
    default:
      return []
  }
}

/** The names of a function's parameters, each once. */
export function parameterNames({ params }: FunctionNode): string[] {
  const names = params.flatMap(boundNames)
  return names.length > 1 ? [...new Set(names)] : names
}

/** What a name stands for in one scope: the function literal bound to it, or something else. */
export type Binding = FunctionNode | 'other'

/** What the scope that `node` opens binds to `name`; undefined when it does not bind it. */
export function bindingIn(node: Node, name: string): Binding | undefined {
  if (isFunction(node)) {
    if (node.params.some(p => boundNames(p).includes(name))) return 'other'
    return node.type === 'FunctionExpression' && node.id?.name === name ? node : undefined
  }
  switch (node.type) {
    case 'Program':
    case 'BlockStatement':
    case 'StaticBlock':
    case 'TSModuleBlock':
      return firstBinding(node.body, name)
    case 'SwitchStatement':
      return firstBinding(
        node.cases.flatMap(c => c.consequent),
        name,
      )
    case 'CatchClause':
      return node.param && boundNames(node.param).includes(name) ? 'other' : undefined
    case 'ForStatement':
      return node.init ? bindingOf(node.init, name) : undefined
    case 'ForInStatement':
    case 'ForOfStatement':
      return bindingOf(node.left, name)
    default:
      return undefined
  }
}

function firstBinding(statements: readonly Node[], name: string): Binding | undefined {
  for (const statement of statements) {
    const binding = bindingOf(statement, name)
    if (binding) return binding
  }
  return undefined
}

function bindingOf(statement: Node, name: string): Binding | undefined {
  switch (statement.type) {
    case 'ExportNamedDeclaration':
      return statement.declaration ? bindingOf(statement.declaration, name) : undefined
    case 'ExportDefaultDeclaration':
      return bindingOf(statement.declaration, name)
    case 'FunctionDeclaration':
      if (statement.id?.name !== name) return undefined
      return isFunction(statement) ? statement : 'other'
    case 'ClassDeclaration':
      return statement.id?.name === name ? 'other' : undefined
    case 'ImportDeclaration':
      return statement.specifiers.some(s => s.local.name === name) ? 'other' : undefined
    case 'VariableDeclaration': {
      const declarator = statement.declarations.find(d => boundNames(d.id).includes(name))
      if (!declarator) return undefined
      return declarator.id.type === 'Identifier' && declarator.init && isFunction(declarator.init)
        ? declarator.init
        : 'other'
    }
    default:
      return undefined
  }
}
