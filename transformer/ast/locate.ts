import type TS from 'typescript'
import type { FilePlan, FunctionPlan, Point } from '../plan.ts'
import type { TypeScript } from './typescript.ts'

/** One thing to do at a node of the syntax tree. */
export type Piece =
  | { readonly kind: 'point'; readonly fn: FunctionPlan; readonly point: Point }
  /** The outermost label of a `for await`: what follows the loop has to follow the label. */
  | { readonly kind: 'label'; readonly fn: FunctionPlan }
  /** A block inside a function that holds an `await using`. */
  | { readonly kind: 'disposing-block'; readonly fn: FunctionPlan }
  | { readonly kind: 'body'; readonly fn: FunctionPlan }
  | { readonly kind: 'decorator' }

/** The plan's pieces by the nodes that they are about, in the order in which they apply. */
export type Located = ReadonlyMap<TS.Node, readonly Piece[]>

/**
 * Finds the nodes of a plan by the offsets at which they begin. Only where a node begins counts, together with its
 * kind: on that the parsers agree, while they differ in what belongs to the end of some nodes.
 * `sourceFile` has to be as it was parsed; `shift` is what lies before the plan's offset 0 (a byte order mark).
 */
export function locate(ts: TypeScript, sourceFile: TS.SourceFile, plan: FilePlan, shift: number): Located {
  const wanted = wantedPieces(plan)
  const located = new Map<TS.Node, Piece[]>()
  const visit = (node: TS.Node): void => {
    for (const syntax of syntaxesOf(ts, node)) {
      const pieces = wanted.get(`${syntax} ${node.getStart(sourceFile) - shift}`) ?? []
      for (const piece of pieces) {
        add(located, node, piece)
        if (disposesInBlock(piece)) addOnce(located, node.parent, { kind: 'disposing-block', fn: piece.fn })
      }
    }
    ts.forEachChild(node, visit)
  }
  visit(sourceFile)
  return located
}

/** What the node could be in a plan; an arrow's expression can be two things at once. */
function syntaxesOf(ts: TypeScript, node: TS.Node): readonly string[] {
  const syntax = syntaxOf(ts, node)
  const isExpressionBody = node.parent && ts.isArrowFunction(node.parent) && node.parent.body === node
  if (!isExpressionBody || syntax === 'block') return syntax ? [syntax] : []
  return syntax ? [syntax, 'expression'] : ['expression']
}

function syntaxOf(ts: TypeScript, node: TS.Node): string | undefined {
  if (ts.isBlock(node)) return 'block'
  if (ts.isAwaitExpression(node)) return 'await'
  if (ts.isYieldExpression(node)) return node.asteriskToken ? 'delegate' : 'yield'
  if (ts.isReturnStatement(node)) return node.expression ? 'return' : 'forget'
  if (ts.isForOfStatement(node)) return node.awaitModifier && 'for-await'
  if (ts.isBreakOrContinueStatement(node)) return 'forget'
  if (ts.isLabeledStatement(node)) return 'label'
  if (ts.isVariableStatement(node)) return 'using'
  return ts.isDecorator(node) ? 'decorator' : undefined
}

function wantedPieces(plan: FilePlan): Map<string, Piece[]> {
  const wanted = new Map<string, Piece[]>()
  for (const { start } of plan.decorators) add(wanted, `decorator ${start}`, { kind: 'decorator' })
  for (const fn of plan.functions) {
    const body = fn.body.kind
    for (const point of fn.points) {
      const inExpression = point.kind === 'return' && body === 'expression'
      add(wanted, inExpression ? `expression ${fn.body.start}` : startOf(point), { kind: 'point', fn, point })
      if (isLabelled(point)) add(wanted, `label ${point.statement.start}`, { kind: 'label', fn })
    }
    add(wanted, `${body} ${fn.body.start}`, { kind: 'body', fn })
  }
  return wanted
}

function startOf(point: Point): string {
  return `${point.kind === 'handler' ? 'block' : point.kind} ${point.start}`
}

/** Whether a `for await` stands behind a label. */
export function isLabelled(point: Point): point is Extract<Point, { kind: 'for-await' }> {
  return point.kind === 'for-await' && point.statement.start !== point.start
}

/** At the end of the function's own body nothing is left that the span would have to be resumed for. */
function disposesInBlock(piece: Piece): piece is Extract<Piece, { kind: 'point' }> {
  return piece.kind === 'point' && piece.point.kind === 'using' && piece.point.block !== undefined
}

function addOnce(map: Map<TS.Node, Piece[]>, node: TS.Node, piece: Piece): void {
  if (!map.get(node)?.some(other => other.kind === piece.kind)) add(map, node, piece)
}

function add<Key>(map: Map<Key, Piece[]>, key: Key, piece: Piece): void {
  const pieces = map.get(key)
  if (pieces) pieces.push(piece)
  else map.set(key, [piece])
}
