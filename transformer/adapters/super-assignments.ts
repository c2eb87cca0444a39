import type MagicString from 'magic-string'
import { walk } from '../children.ts'
import { optionalPackage } from '../optional-package.ts'
import { type Class, type Node, parse, type Statement, type TryStatement } from '../parse.ts'
import { SourceMap } from '../source-map.ts'
import type { RollupFile } from './rollup-plugin.ts'

/** Where a body that span-tree has instrumented begins, when a compiler has put something before that. */
export const BEHIND_SOMETHING: RegExp = /;\s*const \$st\d*_f\w* =/
const FRAME = /^\$st\d*_f/

/**
 * Oxc assigns parameter properties, and fields where they are assigned, behind a `super()` that is a statement of the constructor's
 * body, and at the head of the body where it finds none: span-tree has put that into a `try`, and `this` is not there yet.
 * Puts these assignments back behind `super()`, in what Oxc has made (of an instrumented file, or of a whole bundle). Every
 * other compiler finds it in the `try`. Null where nothing is misplaced.
 */
export function assignBehindSuper(code: string, id: string): RollupFile | null {
  if (!BEHIND_SOMETHING.test(code)) return null
  const parsed = parse(code, `${id.replace(/[?#].*$/, '')}.js`, undefined, true)
  if ('message' in parsed) return null
  let moved: MagicString | undefined
  walk(parsed.program, node => {
    if (isClass(node) && node.superClass) for (const move of misplacedIn(node)) move((moved ??= editable(code)))
    return undefined
  })
  return moved ? { code: moved.toString(), map: mapOf(moved, id) } : null
}

function mapOf(moved: MagicString, source: string): SourceMap {
  const { mappings } = moved.generateMap({ hires: 'boundary' })
  return new SourceMap(source, moved.original, mappings)
}

function isClass(node: Node): node is Class {
  return node.type === 'ClassDeclaration' || node.type === 'ClassExpression'
}

function editable(code: string): MagicString {
  return new (optionalPackage<{ default: typeof MagicString }>('magic-string').default)(code)
}

function misplacedIn({ body }: Class): ((code: MagicString) => void)[] {
  const statements = body.body.flatMap(member =>
    member.type === 'MethodDefinition' && member.kind === 'constructor' ? (member.value.body?.body ?? []) : [],
  )
  const frame = statements.findIndex(isFrame)
  const attempt = statements[frame + 1]
  if (frame < 1 || attempt?.type !== 'TryStatement') return []
  const before = statements.slice(0, frame)
  const to = superCall(attempt, before)
  if (!to) return []
  return before.filter(isAssignment).map(
    ({ start, end }) =>
      code =>
        void code.move(start, end, to.end),
  )
}

function isFrame(statement: Node): boolean {
  const id = statement.type === 'VariableDeclaration' ? statement.declarations[0]?.id : undefined
  return id?.type === 'Identifier' && FRAME.test(id.name)
}

function isAssignment(statement: Node): boolean {
  return statement.type === 'ExpressionStatement' && statement.expression.type === 'AssignmentExpression'
}

/** Of older targets, a function that calls it and initialises the fields. */
function superCall({ block }: TryStatement, before: readonly Statement[]): Statement | undefined {
  const names = before.flatMap(each =>
    each.type === 'VariableDeclaration' ? each.declarations.map(({ id }) => (id as { name?: string }).name) : [],
  )
  return block.body.find(({ type, ...statement }) => {
    if (type !== 'ExpressionStatement') return false
    const { expression } = statement as { expression: Node }
    const callee = expression.type === 'CallExpression' ? expression.callee : undefined
    return callee?.type === 'Super' || (callee?.type === 'Identifier' && names.includes(callee.name))
  })
}
