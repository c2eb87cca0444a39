import { boundNames } from './bindings.ts'
import type { FoundFunction } from './functions.ts'
import { eachOwnChild, someOwn } from './own-code.ts'
import type { Node } from './parse.ts'

/** In there, every name may be the object's: a sandbox says of all of them that it has them. */
export const IN_WITH = 'a with statement is around it, whose object would be asked for the names of the runtime'

/** Why instrumenting a function in place would change what it does; undefined when it would not. */
export function hazardOf(found: FoundFunction): string | undefined {
  const { node } = found
  if (found.shipped) return found.shipped
  if (node.body.type !== 'BlockStatement') return undefined
  return hoistingHazard(found, node.body.body) ?? redeclaredParameter(node, node.body.body)
}

/** `function f(a) { let a }` is an error, which a block around the body would heal. */
function redeclaredParameter({ params }: FoundFunction['node'], body: readonly Node[]): string | undefined {
  if (params.length === 0 || !body.some(isLexical)) return undefined
  const parameters = params.flatMap(boundNames)
  const name = body.flatMap(lexicalNames).find(lexical => parameters.includes(lexical))
  return name && `${name} is declared again beside the parameter, which is an error`
}

function isLexical(statement: Node): boolean {
  if (statement.type === 'ClassDeclaration') return true
  return statement.type === 'VariableDeclaration' && statement.kind !== 'var'
}

function lexicalNames(statement: Node): string[] {
  if (statement.type === 'ClassDeclaration') return statement.id ? [statement.id.name] : []
  if (statement.type !== 'VariableDeclaration' || !isLexical(statement)) return []
  return statement.declarations.flatMap(declarator => boundNames(declarator.id))
}

/**
 * The body moves into the block of a `try`, where its function declarations become lexical: what JavaScript allows
 * beside a function declaration at the top of a body, it forbids or treats otherwise in a block (ECMAScript,
 * 14.2.1, B.3.2 and B.3.3).
 */
function hoistingHazard(found: FoundFunction, body: readonly Node[]): string | undefined {
  if (!body.some(mayDeclareFunction)) return undefined
  const declared = body.flatMap(declaredFunction)
  if (declared.length === 0) return undefined
  const names = new Set(declared)
  if (names.size < declared.length) {
    const twice = declared.find((name, i) => declared.indexOf(name) !== i)
    return `function ${twice} is declared twice in its body, which no block allows`
  }
  const variable = varNames(body).find(name => names.has(name))
  if (variable) return `var ${variable} stands beside function ${variable}, which no block allows`
  return found.strict ? undefined : sloppyHazard(found, body, names)
}

function sloppyHazard(found: FoundFunction, body: readonly Node[], names: ReadonlySet<string>): string | undefined {
  const replaced = [...found.node.params.flatMap(boundNames), 'arguments'].find(name => names.has(name))
  if (replaced) return `function ${replaced} replaces the parameter of that name, which it would not in a block`
  const inner = nestedFunctionNames(body).find(name => names.has(name))
  if (inner) return `a block declares function ${inner} again, which in sloppy code replaces the outer one`
  if (body.some(statement => someOwn(statement, isDirectEval))) {
    return 'eval in sloppy code may declare variables beside its functions, which no block allows'
  }
  return undefined
}

function mayDeclareFunction({ type }: Node): boolean {
  return type === 'FunctionDeclaration' || type === 'LabeledStatement'
}

function declaredFunction(statement: Node): string[] {
  if (statement.type === 'LabeledStatement') return declaredFunction(statement.body)
  return statement.type === 'FunctionDeclaration' && statement.body && statement.id ? [statement.id.name] : []
}

function varNames(body: readonly Node[]): string[] {
  const names: string[] = []
  const visit = (node: Node): void => {
    if (node.type === 'VariableDeclaration' && node.kind === 'var') {
      names.push(...node.declarations.flatMap(d => boundNames(d.id)))
    }
    eachOwnChild(node, visit)
  }
  body.forEach(visit)
  return names
}

function nestedFunctionNames(body: readonly Node[]): string[] {
  const names: string[] = []
  const visit = (node: Node): void => {
    if (node.type === 'FunctionDeclaration' && node.id) names.push(node.id.name)
    eachOwnChild(node, visit)
  }
  for (const statement of body) if (declaredFunction(statement).length === 0) visit(statement)
  return names
}

function isDirectEval(node: Node): boolean {
  return node.type === 'CallExpression' && node.callee.type === 'Identifier' && node.callee.name === 'eval'
}

/** Whether a function is a getter that does nothing but return what it reads. */
export function isFieldGetter(found: FoundFunction): boolean {
  if (found.kind !== 'getter') return false
  const body = found.node.body
  const only = body.type === 'BlockStatement' && body.body.length === 1 ? body.body[0] : undefined
  return only?.type === 'ReturnStatement' && /^(MemberExpression|Identifier)$/.test(only.argument?.type ?? '')
}
