import { jumpsOut } from './finally-jumps.ts'
import { failsFirst } from './first-evaluated.ts'
import { firstPosition } from './first-position.ts'
import { lastPosition } from './last-position.ts'
import { eachOwnChild, hasWork, someOwn } from './own-code.ts'
import {
  type BlockStatement,
  type FunctionNode,
  isFunction,
  type Node,
  rangeOf,
  unwrap,
  type VariableDeclaration,
} from './parse.ts'
import type { FunctionShape, Point, Range } from './plan.ts'

/** The points of a function, in the order of the source, and why it cannot be instrumented, if it cannot. */
export interface Points {
  readonly points: readonly Point[]
  readonly hazard?: string
}

const NO_POINTS: Points = { points: [] }

export function shapeOf(node: FunctionNode): FunctionShape {
  if (node.async) return node.generator ? 'async-generator' : 'async'
  return node.generator ? 'generator' : 'sync'
}

/** What is known of the file around a function, and wanted of it. */
export interface PointsOptions {
  /** Every name that is declared anywhere in the file. */
  readonly declared: ReadonlySet<string>
  /** Whether results are recorded: wherever the function returns something is a point, then. */
  readonly results: boolean | undefined
  /** Whether the file may have `using` declarations. */
  readonly usings: boolean
}

/** Finds where a function suspends, resumes and settles. */
export function pointsOf(node: FunctionNode, code: string, options: PointsOptions): Points {
  if (!options.usings && !options.results && !node.async && !node.generator) return NO_POINTS
  const collector = new Collector(shapeOf(node), code, options)
  if (node.body.type === 'BlockStatement') collector.statements(node.body.body, undefined)
  else collector.expressionBody(node.body)
  const { points, hazard } = collector
  return hazard === undefined ? { points } : { points, hazard }
}

class Collector {
  readonly points: Point[] = []
  hazard: string | undefined
  /** Suspensions seen so far: whether there are any in a part of the function is told by the difference. */
  #suspensions = 0
  /** Where the last statement of a list begins that is an expression. */
  #listedStart = -1
  /** Jumps out of `finally` blocks. */
  readonly #forgetting = new Set<Node>()
  readonly #shape: FunctionShape
  readonly #code: string
  readonly #results: boolean
  readonly #declared: ReadonlySet<string>
  readonly #visitChild = (child: Node): void => this.#visit(child)

  constructor(shape: FunctionShape, code: string, { results = false, declared }: PointsOptions) {
    this.#shape = shape
    this.#code = code
    this.#results = results
    this.#declared = declared
  }

  expressionBody(body: Node): void {
    if (this.#results || (this.#shape === 'async' && canBePromise(body))) this.#settle(body, body)
    this.#visit(body)
  }

  /** Statements of one block; `block` is its content where that is not the function's own body. */
  statements(body: readonly Node[], block: Range | undefined): void {
    const held: { index: number; suspensions: number }[] = []
    for (const statement of body) {
      if (statement.type === 'VariableDeclaration' && isUsing(statement)) {
        held.push({ index: this.points.length, suspensions: this.#using(statement, block) })
      } else this.#listed(statement)
    }
    for (const { index, suspensions } of held) {
      const point = this.points[index] as Extract<Point, { kind: 'using' }>
      this.points[index] = { ...point, resumes: this.#suspensions > suspensions }
    }
  }

  #listed(statement: Node): void {
    if (statement.type === 'ExpressionStatement') this.#listedStart = statement.start
    this.#visit(statement)
  }

  #visit(node: Node, statementStart: number = node.start): void {
    switch (node.type) {
      case 'BlockStatement':
        this.statements(node.body, contentOf(node))
        break
      case 'AwaitExpression':
        this.#await(node)
        break
      case 'YieldExpression':
        this.#yield(node)
        break
      case 'ReturnStatement':
        this.#jump(node)
        if (node.argument && (this.#results || this.#shape.startsWith('async'))) this.#settle(node, node.argument)
        this.#children(node)
        break
      case 'LabeledStatement':
        this.#visit(node.body, statementStart)
        break
      case 'SwitchCase':
        if (node.test) this.#visit(node.test)
        for (const statement of node.consequent) this.#listed(statement)
        break
      case 'ForOfStatement':
        this.#forOf(node, statementStart)
        break
      case 'ForStatement':
        if (node.init?.type === 'VariableDeclaration' && isUsing(node.init)) this.#refuseHead(node, node.init)
        this.#children(node)
        break
      case 'WithStatement':
        this.#with(node)
        break
      case 'BreakStatement':
      case 'ContinueStatement':
        this.#jump(node)
        break
      case 'TryStatement':
        this.#try(node)
        break
      default:
        this.#children(node)
        break
    }
  }

  #children(node: Node): void {
    if (node.type !== 'Identifier' && node.type !== 'Literal' && !isFunction(node)) eachOwnChild(node, this.#visitChild)
  }

  #await(node: Extract<Node, { type: 'AwaitExpression' }>): void {
    this.#suspend({ kind: 'await', argument: rangeOf(node.argument), ...this.#order(node), ...rangeOf(node) })
    this.#children(node)
  }

  #order({ argument, start }: { argument: Node | null; start: number }): { first: boolean; opens: boolean } {
    const first = argument !== null && this.#failsFirst(argument)
    return { first, opens: start === this.#listedStart }
  }

  #failsFirst(value: Node): boolean {
    return failsFirst(value, this.#declared)
  }

  #suspend(point: Point): void {
    this.points.push(point)
    this.#suspensions++
  }

  #settle(node: Node, argument: Node): void {
    this.points.push({
      kind: 'return',
      argument: rangeOf(argument),
      anchor: this.#anchor(argument, node),
      first: this.#failsFirst(argument),
      sequence: argument.type === 'SequenceExpression',
      ...rangeOf(node),
    })
    // The language awaits what an async generator returns.
    if (this.#shape === 'async-generator') this.#suspensions++
  }

  #yield(node: Extract<Node, { type: 'YieldExpression' }>): void {
    const argument = node.argument ? rangeOf(node.argument) : undefined
    const value = { argument, ...this.#order(node), ...rangeOf(node) }
    if (node.delegate && node.argument) {
      const anchor = this.#anchor(node.argument, node)
      this.#suspend({ kind: 'delegate', anchor, ...value, argument: rangeOf(node.argument) })
    } else this.#suspend({ kind: 'yield', ...value })
    this.#children(node)
  }

  /** Where a call around `value` is to lead; `statement` has what V8 falls back to. */
  #anchor(value: Node, statement: Node): number {
    const last = lastPosition(value, this.#code)
    return last ?? (value === statement ? firstPosition(value, this.#code) : statement.start)
  }

  #forOf(node: Extract<Node, { type: 'ForOfStatement' }>, statementStart: number): void {
    if (node.left.type === 'VariableDeclaration' && isUsing(node.left)) this.#refuseHead(node, node.left)
    if (node.await) {
      if (beginsWithLet(node.body)) this.hazard ??= 'the body of a for await begins with let'
      const bindsByCode = hasWork(node.left) || someOwn(node.left, n => n.type === 'MemberExpression')
      if (bindsByCode) this.hazard ??= 'the head of a for await runs code before its span can be resumed'
      this.#suspend({
        kind: 'for-await',
        iterable: rangeOf(node.right),
        first: this.#failsFirst(node.right),
        anchor: lastPosition(node.right, this.#code) ?? node.right.start,
        body: rangeOf(node.body),
        block: node.body.type === 'BlockStatement',
        statement: { start: statementStart, end: node.end },
        ...rangeOf(node),
      })
    }
    this.#children(node)
  }

  #with(node: Extract<Node, { type: 'WithStatement' }>): void {
    this.#visit(node.object)
    const before = this.points.length
    this.#visit(node.body)
    if (this.points.length > before)
      this.hazard ??=
        'it suspends or returns in a with statement, whose object would be asked for the names of the runtime'
  }

  #try(node: Extract<Node, { type: 'TryStatement' }>): void {
    const before = this.#suspensions
    this.#visit(node.block)
    const { handler, finalizer } = node
    if (handler) {
      if (this.#suspensions > before) this.#handler(handler.body)
      if (handler.param && this.#suspensions > before && hasWork(handler.param)) {
        this.hazard ??= 'a catch parameter runs code before its span can be resumed'
      }
      if (handler.param) this.#visit(handler.param)
      this.#visit(handler.body)
    }
    if (!finalizer) return
    if (this.#suspensions > before) this.#handler(finalizer)
    if (this.#shape === 'async') for (const jump of jumpsOut(finalizer)) this.#forgetting.add(jump)
    this.#visit(finalizer)
  }

  #jump(node: Node): void {
    if (this.#forgetting.has(node)) this.points.push({ kind: 'forget', ...rangeOf(node) })
  }

  #handler(block: BlockStatement): void {
    this.points.push({ kind: 'handler', ...rangeOf(block) })
  }

  // Returns the number of suspensions seen when the first resource is held.
  #using(node: VariableDeclaration, block: Range | undefined): number {
    const isAwait = node.kind === 'await using'
    const declarators = node.declarations.map(d => ({
      name: nameRange(d.id),
      init: rangeOf(d.init as Node),
      // V8 has the declaration itself there, whatever the value is made of.
      anchor: (d.init as Node).start,
      first: this.#failsFirst(d.init as Node),
      namesValue: isAnonymous(d.init as Node),
    }))
    const point = { kind: 'using', await: isAwait, resumes: false, declarators, ...rangeOf(node) } as const
    this.points.push(isAwait && block ? { ...point, block } : point)
    if (isAwait) this.#suspensions++
    let first: number | undefined
    for (const declarator of node.declarations) {
      if (declarator.init) this.#visit(declarator.init)
      first ??= this.#suspensions
    }
    return first ?? this.#suspensions
  }

  #refuseHead(node: Node, head: VariableDeclaration): void {
    if (head.kind === 'await using') this.hazard ??= 'await using in the head of a loop'
    else if (this.#shape !== 'sync') {
      const suspends = someOwn(node, n => n.type === 'AwaitExpression' || n.type === 'YieldExpression')
      if (suspends) this.hazard ??= 'using in the head of a loop that suspends'
    }
  }
}

/** Whether the value of an expression can be a promise, as far as its form says. */
function canBePromise(node: Node): boolean {
  switch (unwrap(node).type) {
    case 'ArrayExpression':
    case 'ArrowFunctionExpression':
    case 'BinaryExpression':
    case 'ClassExpression':
    case 'FunctionExpression':
    case 'Literal':
    case 'ObjectExpression':
    case 'TemplateLiteral':
    case 'UnaryExpression':
    case 'UpdateExpression':
      return false
    default:
      return true
  }
}

// As a body of its own it may not (`let [`); braces around it would make it a declaration.
function beginsWithLet(body: Node): boolean {
  let leftmost = body.type === 'ExpressionStatement' ? (body.expression as Node) : body
  while (leftmost.type === 'MemberExpression' || leftmost.type === 'AssignmentExpression') {
    leftmost = leftmost.type === 'MemberExpression' ? leftmost.object : leftmost.left
  }
  return leftmost.type === 'Identifier' && leftmost.name === 'let'
}

/** Whether a declaration gives the value its name. */
function isAnonymous(init: Node): boolean {
  const value = unwrap(init)
  if (value.type === 'ArrowFunctionExpression') return true
  return (value.type === 'FunctionExpression' || value.type === 'ClassExpression') && value.id === null
}

function isUsing(node: VariableDeclaration): boolean {
  return node.kind === 'using' || node.kind === 'await using'
}

function contentOf(block: BlockStatement): Range {
  return { start: block.start + 1, end: block.end - 1 }
}

// Without a type annotation, which an identifier's range includes.
function nameRange(id: Node): Range {
  return { start: id.start, end: id.start + (id.type === 'Identifier' ? id.name.length : id.end - id.start) }
}
