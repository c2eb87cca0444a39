import type TS from 'typescript'
import type { FunctionPlan } from '../plan.ts'
import type { AbiName, InjectedNames } from '../site-table.ts'
import type { TypeScript } from './typescript.ts'

/** Makes the injected pieces of syntax of one file. */
export class Syntax {
  readonly ts: TypeScript
  readonly factory: TS.NodeFactory
  /** Keeps account of the functions of the ABI that were called. */
  readonly names: InjectedNames
  /** What lies before the plan's offset 0 in TypeScript's text. */
  readonly #shift: number
  #resources = 0

  constructor(ts: TypeScript, factory: TS.NodeFactory, names: InjectedNames, shift = 0) {
    this.ts = ts
    this.factory = factory
    this.names = names
    this.#shift = shift
  }

  /** The variable that holds a function's frame. */
  frame(): TS.Identifier {
    return this.own('f')
  }

  /** Another injected name. */
  own(name: string): TS.Identifier {
    return this.factory.createIdentifier(this.names.own(name))
  }

  /** A name for a resource that the source does not have. */
  resource(): TS.Identifier {
    return this.own(`u${this.#resources++}`)
  }

  /** `name(frame, …args)`, of the ABI; to source maps, a call around a value of the source stands where that does. */
  call(name: AbiName, ...args: readonly TS.Expression[]): TS.Expression {
    const call = this.callBare(name, this.frame(), ...args)
    return args[0] && args.length === 1 ? this.ts.setSourceMapRange(call, this.ts.getSourceMapRange(args[0])) : call
  }

  /** To source maps, a node that the source does not have begins at this offset of the plan. */
  at<Node extends TS.Node>(node: Node, anchor: number): Node {
    const pos = anchor + this.#shift
    const { end, source } = this.ts.getSourceMapRange(node)
    return this.ts.setSourceMapRange(node, { pos, end: end < 0 ? pos : end, ...(source && { source }) })
  }

  callBare(name: AbiName, ...args: readonly TS.Expression[]): TS.Expression {
    return this.factory.createCallExpression(this.factory.createIdentifier(this.names.use(name)), undefined, args)
  }

  statement(expression: TS.Expression): TS.Statement {
    return this.factory.createExpressionStatement(expression)
  }

  /** `v = value, name(f, v)`, in parentheses; the call stands at `anchor`. */
  behind(names: readonly AbiName[], value: TS.Expression, anchor: number): TS.Expression {
    const { factory, ts } = this
    const set = factory.createAssignment(this.own('v'), value)
    const call = names.reduceRight<TS.Expression>(
      (inner, name) => this.at(this.call(name, inner), anchor),
      this.own('v'),
    )
    const comma = this.at(factory.createToken(ts.SyntaxKind.CommaToken), anchor)
    const range = ts.getSourceMapRange(value)
    const both = ts.setSourceMapRange(factory.createBinaryExpression(set, comma, call), range)
    return ts.setSourceMapRange(factory.createParenthesizedExpression(both), range)
  }

  /** `const name = value`, or `let`, `using`, `await using`. */
  declare(flags: TS.NodeFlags, name: TS.Identifier, value?: TS.Expression): TS.Statement {
    const declaration = this.factory.createVariableDeclaration(name, undefined, undefined, value)
    return this.factory.createVariableStatement(
      undefined,
      this.factory.createVariableDeclarationList([declaration], flags),
    )
  }

  /** `($st_S || $st_T())[index]`: the table is made at the first call. */
  site(fn: FunctionPlan): TS.Expression {
    const make = this.factory.createCallExpression(this.own('T'), undefined, [])
    const table = this.factory.createLogicalOr(this.own('S'), make)
    return this.factory.createElementAccessExpression(this.factory.createParenthesizedExpression(table), fn.index)
  }

  block(...statements: readonly TS.Statement[]): TS.Block {
    return this.factory.createBlock(statements, true)
  }
}
