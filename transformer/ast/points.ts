import type TS from 'typescript'
import type { FunctionPlan, Point, UsingDeclarator } from '../plan.ts'
import { type AbiName, returnCalls, SHAPES, type ShapeCalls } from '../site-table.ts'
import { isLabelled } from './locate.ts'
import type { Syntax } from './syntax.ts'

type PointOf<Kind extends Point['kind']> = Extract<Point, { kind: Kind }>

/** What a point becomes; `node` is the node of the source, with everything in it already edited. */
type Edit<P = Point> = (syntax: Syntax, node: TS.Node, fn: FunctionPlan, point: P) => TS.Node | TS.Node[]

const POINT_EDITS: { readonly [K in Point['kind']]: Edit<PointOf<K>> } = {
  await: (syntax, node, fn, point) => {
    const awaited = node as TS.AwaitExpression
    const suspended = passed(syntax, point, 'suspend', awaited.expression, point.argument.start)
    return resumed(syntax, fn, point, syntax.factory.updateAwaitExpression(awaited, suspended))
  },
  yield: (syntax, node, fn, point) => {
    const yielded = node as TS.YieldExpression
    const { pause } = calls(fn)
    const paused = yielded.expression
      ? passed(syntax, point, pause, yielded.expression, point.argument!.start)
      : syntax.call(pause)
    return resumed(syntax, fn, point, syntax.factory.updateYieldExpression(yielded, undefined, paused))
  },
  delegate: (syntax, node, fn, point) => {
    const { expression, asteriskToken } = node as TS.YieldExpression
    const delegated = passed(syntax, point, calls(fn).delegate, expression!, point.anchor)
    const yielded = syntax.factory.updateYieldExpression(node as TS.YieldExpression, asteriskToken, delegated)
    return resumed(syntax, fn, point, yielded)
  },
  return: (syntax, node, fn, { anchor, first }) => {
    const settle = (value: TS.Expression): TS.Expression =>
      first
        ? syntax.behind(returnCalls(fn), value, anchor)
        : returnCalls(fn).reduceRight((inner, name) => syntax.at(syntax.call(name, inner), anchor), value)
    // An arrow's expression body is a `return` without the word.
    if (!syntax.ts.isReturnStatement(node)) return settle(node as TS.Expression)
    return syntax.factory.updateReturnStatement(node, settle(node.expression!))
  },
  handler: (syntax, node, fn) => beginWith(syntax, node as TS.Block, resume(syntax, fn)),
  forget: (syntax, node, fn) => syntax.block(syntax.statement(syntax.call(calls(fn).settle)), node as TS.Statement),
  'for-await': (syntax, node, fn, point) => {
    const loop = iterate(syntax, node as TS.ForOfStatement, fn, point)
    return isLabelled(point) ? loop : [loop, resume(syntax, fn)]
  },
  using: (syntax, node, _fn, point) => {
    const statement = node as TS.VariableStatement
    return point.await ? disposeAwaited(syntax, statement, point) : disposeResumed(syntax, statement, point)
  },
}

export function editPoint(syntax: Syntax, node: TS.Node, fn: FunctionPlan, point: Point): TS.Node | TS.Node[] {
  return (POINT_EDITS[point.kind] as Edit)(syntax, node, fn, point)
}

/** `resume(f)`, as a statement. */
export function resume(syntax: Syntax, fn: FunctionPlan): TS.Statement {
  return syntax.statement(syntax.call(calls(fn).resume))
}

/** `{ try { … } finally { resume(f) } }`: what the end of an `await using` suspended goes on behind the block. */
export function resumeBehind(syntax: Syntax, fn: FunctionPlan, block: TS.Block): TS.Block {
  const { factory } = syntax
  const content = factory.createTryStatement(
    syntax.block(...block.statements),
    undefined,
    syntax.block(resume(syntax, fn)),
  )
  return factory.updateBlock(block, [content])
}

/** A value of the source through a call: around it, or behind it where it is to run first. */
function passed(
  syntax: Syntax,
  { first }: { readonly first: boolean },
  name: AbiName,
  value: TS.Expression,
  anchor: number,
): TS.Expression {
  return first ? syntax.behind([name], value, anchor) : syntax.at(syntax.call(name, value), anchor)
}

function resumed(
  syntax: Syntax,
  fn: FunctionPlan,
  point: PointOf<'await' | 'yield' | 'delegate'>,
  value: TS.Expression,
): TS.Expression {
  return passed(syntax, point, calls(fn).resume, value, point.start)
}

function calls(fn: FunctionPlan): ShapeCalls {
  return SHAPES[fn.shape]
}

function beginWith(syntax: Syntax, block: TS.Block, statement: TS.Statement): TS.Block {
  const statements = syntax.ts.setTextRange(
    syntax.factory.createNodeArray([statement, ...block.statements]),
    block.statements,
  )
  return syntax.factory.updateBlock(block, statements)
}

function iterate(
  syntax: Syntax,
  loop: TS.ForOfStatement,
  fn: FunctionPlan,
  point: PointOf<'for-await'>,
): TS.ForOfStatement {
  const { ts, factory } = syntax
  const body = ts.isBlock(loop.statement) ? loop.statement : syntax.block(loop.statement)
  return factory.updateForOfStatement(
    loop,
    loop.awaitModifier,
    loop.initializer,
    passed(syntax, point, 'iterate', loop.expression, point.anchor),
    beginWith(syntax, body, resume(syntax, fn)),
  )
}

/** `using r = scoped(f, open()); using u = resumer(f)`: resources are disposed of last first. */
function disposeResumed(syntax: Syntax, statement: TS.VariableStatement, point: PointOf<'using'>): TS.Node[] {
  const { ts, factory } = syntax
  const list = statement.declarationList
  const declarations = list.declarations.map((declaration, i) => scoped(syntax, declaration, point.declarators[i]!))
  const scopedList = factory.updateVariableDeclarationList(list, declarations)
  const scopedStatement = factory.updateVariableStatement(statement, statement.modifiers, scopedList)
  if (!point.resumes) return [scopedStatement]
  return [scopedStatement, resumer(syntax, ts.NodeFlags.Using, anchorOf(point, declarations.length - 1))]
}

/** `const r = scoped(f, open()); await using u = disposer(f, r); using v = resumer(f)`, for each declarator. */
function disposeAwaited(syntax: Syntax, statement: TS.VariableStatement, point: PointOf<'using'>): TS.Node[] {
  const { ts, factory } = syntax
  return statement.declarationList.declarations.flatMap((declaration, i) => {
    const anchor = anchorOf(point, i)
    const name = declaration.name as TS.Identifier
    const list = factory.createVariableDeclarationList(
      [scoped(syntax, declaration, point.declarators[i]!)],
      ts.NodeFlags.Const,
    )
    const disposer = syntax.at(syntax.call('disposer', factory.createIdentifier(name.text)), anchor)
    return [
      ts.setTextRange(factory.createVariableStatement(undefined, list), statement),
      syntax.declare(ts.NodeFlags.AwaitUsing, syntax.resource(), disposer),
      resumer(syntax, ts.NodeFlags.Using, anchor),
    ]
  })
}

function anchorOf({ declarators }: PointOf<'using'>, index: number): number {
  return (declarators[index] as UsingDeclarator).anchor
}

function scoped(
  syntax: Syntax,
  declaration: TS.VariableDeclaration,
  declarator: UsingDeclarator,
): TS.VariableDeclaration {
  const { name, exclamationToken, type, initializer } = declaration
  if (!initializer || isAnonymous(syntax, initializer)) return declaration
  const value = passed(syntax, declarator, 'scoped', initializer, declarator.anchor)
  return syntax.factory.updateVariableDeclaration(declaration, name, exclamationToken, type, value)
}

/** It gets its name from the declaration only where nothing is around it. */
function isAnonymous({ ts }: Syntax, initializer: TS.Expression): boolean {
  let value = initializer
  while (ts.isParenthesizedExpression(value) || ts.isAssertionExpression(value) || ts.isNonNullExpression(value)) {
    value = value.expression
  }
  if (ts.isArrowFunction(value)) return true
  return (ts.isFunctionExpression(value) || ts.isClassExpression(value)) && value.name === undefined
}

function resumer(syntax: Syntax, flags: TS.NodeFlags, anchor: number): TS.Statement {
  return syntax.declare(flags, syntax.resource(), syntax.at(syntax.call('resumer'), anchor))
}
