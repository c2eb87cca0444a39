import type TS from 'typescript'
import { countDirectives, instrumentBody } from './ast/body.ts'
import { isLabelled, type Located, locate, type Piece } from './ast/locate.ts'
import { editPoint, resume, resumeBehind } from './ast/points.ts'
import { prologue } from './ast/prologue.ts'
import { Syntax } from './ast/syntax.ts'
import type { TypeScript } from './ast/typescript.ts'
import type { FilePlan, FunctionPlan } from './plan.ts'
import { injectedNames } from './site-table.ts'

export interface AstRendering {
  readonly sourceFile: TS.SourceFile
  /** Functions left alone because a transformer that ran before has replaced their nodes. */
  readonly missed: readonly FunctionPlan[]
}

/**
 * Carries a plan out on TypeScript's syntax tree, in a `before` transformer. Nodes of the source are kept, so that
 * what TypeScript knows about them holds: elided imports, constant enums, metadata, positions in source maps.
 * The plan's format has to be that of the emitted JavaScript; `abi` is what injected code imports.
 */
export function renderAst(
  ts: TypeScript,
  context: TS.TransformationContext,
  sourceFile: TS.SourceFile,
  plan: FilePlan,
  abi = 'span-tree/abi',
): AstRendering {
  if (plan.functions.length === 0 && plan.decorators.length === 0) return { sourceFile, missed: [] }
  const original = ts.getOriginalNode(sourceFile) as TS.SourceFile
  const shift = original.text.startsWith('\uFEFF') ? 1 : 0
  const located = locate(ts, original, plan, shift)
  const missed = new Set<FunctionPlan>()
  // A function whose pieces are not all there would be half instrumented: the file is done again without it.
  for (;;) {
    const syntax = new Syntax(ts, context.factory, injectedNames(plan), shift)
    const pass = new Pass(syntax, context, located, missed)
    const rendered = pass.run(sourceFile)
    const incomplete = plan.functions.filter(fn => !missed.has(fn) && !pass.isComplete(fn))
    if (incomplete.length === 0) return { sourceFile: finish(syntax, rendered, plan, abi), missed: [...missed] }
    for (const fn of incomplete) missed.add(fn)
  }
}

/** One visit of the whole file. */
class Pass {
  readonly #syntax: Syntax
  readonly #context: TS.TransformationContext
  readonly #located: Located
  readonly #excluded: ReadonlySet<FunctionPlan>
  readonly #applied = new Map<FunctionPlan, Set<Piece>>()

  constructor(
    syntax: Syntax,
    context: TS.TransformationContext,
    located: Located,
    excluded: ReadonlySet<FunctionPlan>,
  ) {
    this.#syntax = syntax
    this.#context = context
    this.#located = located
    this.#excluded = excluded
  }

  run(sourceFile: TS.SourceFile): TS.SourceFile {
    return this.#syntax.ts.visitEachChild(sourceFile, this.#visit, this.#context)
  }

  isComplete(fn: FunctionPlan): boolean {
    const labels = fn.points.filter(isLabelled).length
    return (this.#applied.get(fn)?.size ?? 0) >= 1 + fn.points.length + labels
  }

  readonly #visit = (node: TS.Node): TS.VisitResult<TS.Node | undefined> => {
    const { ts } = this.#syntax
    // There is nothing to do in types, and TypeScript fails on those that do not parse.
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return node
    const pieces = this.#located.get(ts.getOriginalNode(node))
    const visited = ts.visitEachChild(node, this.#visit, this.#context)
    return pieces ? this.#edit(visited, pieces) : visited
  }

  #edit(node: TS.Node, pieces: readonly Piece[]): TS.VisitResult<TS.Node | undefined> {
    let edited: TS.Node | TS.Node[] = node
    for (const piece of pieces) {
      if (piece.kind === 'decorator') return undefined
      if (this.#excluded.has(piece.fn)) continue
      edited = apply(this.#syntax, edited as TS.Node, piece)
      this.#count(piece)
    }
    return edited
  }

  #count(piece: Exclude<Piece, { kind: 'decorator' }>): void {
    if (piece.kind === 'disposing-block') return
    const applied = this.#applied.get(piece.fn) ?? new Set()
    this.#applied.set(piece.fn, applied.add(piece))
  }
}

function apply(syntax: Syntax, node: TS.Node, piece: Exclude<Piece, { kind: 'decorator' }>): TS.Node | TS.Node[] {
  switch (piece.kind) {
    case 'point':
      return editPoint(syntax, node, piece.fn, piece.point)
    case 'label':
      return [node, resume(syntax, piece.fn)]
    case 'disposing-block':
      return resumeBehind(syntax, piece.fn, node as TS.Block)
    case 'body':
      return instrumentBody(syntax, piece.fn, node as TS.ConciseBody)
  }
}

function finish(syntax: Syntax, file: TS.SourceFile, plan: FilePlan, abi: string): TS.SourceFile {
  if (syntax.names.used().length === 0) return file
  const { ts, factory } = syntax
  const at = countDirectives(ts, file.statements)
  const statements = [...file.statements.slice(0, at), ...prologue(syntax, plan, abi), ...file.statements.slice(at)]
  return factory.updateSourceFile(file, ts.setTextRange(factory.createNodeArray(statements), file.statements))
}
