import type TS from 'typescript'
import { type FunctionPlan, needsValue } from '../plan.ts'
import { SHAPES } from '../site-table.ts'
import type { Syntax } from './syntax.ts'

/** A function's body between its `enter` and its `exit`. `body` is what the source has, its points already edited. */
export function instrumentBody(syntax: Syntax, fn: FunctionPlan, body: TS.ConciseBody): TS.Block {
  const { ts, factory } = syntax
  if (!ts.isBlock(body)) return instrumentExpression(syntax, fn, body)
  const directives = countDirectives(ts, body.statements)
  const statements = [
    ...body.statements.slice(0, directives),
    ...surround(syntax, fn, [...repeated(syntax, fn), ...body.statements.slice(directives)]),
  ]
  // The ranges keep the positions of the braces, and comments at the head of the body.
  const list = ts.setTextRange(factory.createNodeArray(statements), body.statements)
  return ts.setTextRange(factory.createBlock(list, true), body)
}

/** A statement that does nothing, in the place of the last directive. */
function repeated(syntax: Syntax, { body }: FunctionPlan): TS.Statement[] {
  if (body.kind === 'expression' || body.directive === undefined) return []
  return [syntax.at(syntax.statement(syntax.factory.createNumericLiteral(0)), body.directive)]
}

function instrumentExpression(syntax: Syntax, fn: FunctionPlan, body: TS.Expression): TS.Block {
  const { ts, factory } = syntax
  const statement = ts.setTextRange(factory.createReturnStatement(body), body)
  const result = fn.body.kind === 'expression' ? syntax.at(statement, fn.body.at) : statement
  return ts.setTextRange(syntax.block(...surround(syntax, fn, [result])), body)
}

/** `const f = enter(S); try { … } catch (e) { throw fail(f, e, [parameters]) } finally { exit(f) }` */
function surround(syntax: Syntax, fn: FunctionPlan, statements: readonly TS.Statement[]): TS.Statement[] {
  const { ts, factory } = syntax
  const { enter, exit } = SHAPES[fn.shape]
  return [
    syntax.declare(ts.NodeFlags.Const, syntax.frame(), syntax.at(syntax.callBare(enter, syntax.site(fn)), fn.head)),
    ...(needsValue(fn) ? [syntax.declare(ts.NodeFlags.Let, syntax.own('v'))] : []),
    factory.createTryStatement(
      syntax.block(...statements),
      factory.createCatchClause(factory.createVariableDeclaration(syntax.own('e')), failure(syntax, fn)),
      syntax.block(syntax.statement(fn.tail === undefined ? syntax.call(exit) : syntax.at(syntax.call(exit), fn.tail))),
    ),
  ]
}

function failure(syntax: Syntax, fn: FunctionPlan): TS.Block {
  const { factory } = syntax
  const parameters = fn.site.parameters.map(name => factory.createIdentifier(name))
  const args = parameters.length > 0 ? [factory.createArrayLiteralExpression(parameters)] : []
  const error = syntax.call(SHAPES[fn.shape].fail, syntax.own('e'), ...args)
  return syntax.block(factory.createThrowStatement(error))
}

/** How many statements at the head are directives (`'use strict'`). */
export function countDirectives(ts: Syntax['ts'], statements: readonly TS.Statement[]): number {
  const end = statements.findIndex(statement => !isDirective(ts, statement))
  return end < 0 ? statements.length : end
}

function isDirective(ts: Syntax['ts'], statement: TS.Statement): boolean {
  return ts.isExpressionStatement(statement) && ts.isStringLiteral(statement.expression)
}
