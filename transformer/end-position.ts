import { lastPosition } from './last-position.ts'
import type { Node } from './parse.ts'

/**
 * Where V8 says that a function is when it ends behind its last statement: at the last thing in its code that has a position.
 * It can be seen of derived constructors only, which fail there if they have not called `super()`. Undefined where
 * nothing has a position: then it is the function's head.
 */
export function endPosition(statements: readonly Node[], code: string): number | undefined {
  for (let i = statements.length - 1; i >= 0; i--) {
    const position = endOf(statements[i] as Node, code)
    if (position !== undefined) return position
  }
  return undefined
}

function endOf(statement: Node, code: string): number | undefined {
  switch (statement.type) {
    case 'BlockStatement':
      return endPosition(statement.body, code)
    case 'EmptyStatement':
    case 'FunctionDeclaration':
      return undefined
    case 'ExpressionStatement':
      return lastPosition(statement.expression, code) ?? statement.start
    case 'IfStatement': {
      const branches = [statement.consequent, ...(statement.alternate ? [statement.alternate] : [])]
      return endPosition(branches, code) ?? lastPosition(statement.test, code) ?? statement.start
    }
    case 'LabeledStatement':
      return endOf(statement.body, code)
    case 'SwitchStatement': {
      const cases = statement.cases.flatMap(({ consequent }) => consequent)
      return endPosition(cases, code) ?? statement.start
    }
    case 'TryStatement': {
      const { block, handler, finalizer } = statement
      return endPosition([block, ...(handler ? [handler.body] : []), ...(finalizer ? [finalizer] : [])], code)
    }
    case 'VariableDeclaration': {
      const { id, init } = statement.declarations.at(-1) as (typeof statement.declarations)[number]
      return init ? (lastPosition(init, code) ?? init.start) : id.start
    }
    default:
      return statement.start
  }
}
