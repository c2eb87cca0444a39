import { bindingIn } from './bindings.ts'
import { eachChild } from './children.ts'
import { type FunctionNode, isFunction, type Node, type Program, unwrap } from './parse.ts'
import { lastName } from './span-name.ts'

/**
 * Code that is shipped elsewhere as text: functions that a browser driver serialises, and functions whose source is
 * taken (`String(fn)`, `${fn}`, `fn + ''`, `new Function(fn)`). Where that text runs there is no runtime, so such
 * functions, and all in them, stay as they are. Seen within one file only: for the rest there is `@noSpan`.
 */
const SERIALISERS: ReadonlySet<string> = new Set([
  '$eval',
  '$$eval',
  'evaluate',
  'evaluateHandle',
  'evaluateAll',
  'evaluateOnNewDocument',
  'waitForFunction',
  'addInitScript',
  'executeScript',
  'executeAsyncScript',
  'mapReduce',
])

/** A function, or a name that may stand for one, that the code takes as text. */
export interface TextUse {
  readonly node: Node
  readonly reason: string
}

const NONE: readonly TextUse[] = []

/** The functions and names that this node, by itself, takes as text. */
export function textUses(node: Node): readonly TextUse[] {
  switch (node.type) {
    case 'CallExpression':
      return usesByCall(node)
    case 'NewExpression':
      if (lastName(node.callee) !== 'Function') return NONE
      return uses(node.arguments, 'its source is put into new Function()')
    case 'TemplateLiteral':
      return uses(node.expressions, 'its source is put into a template')
    case 'MemberExpression':
      return node.computed ? literals([node.property], 'its source is the name of a property') : NONE
    case 'Property':
    case 'MethodDefinition':
    case 'PropertyDefinition':
    case 'AccessorProperty':
      return node.computed ? literals([node.key], 'its source is the name of a property') : NONE
    case 'BinaryExpression':
      if (node.operator === '+') return uses([node.left, node.right], 'its source is taken by +')
      return /^[<>]/.test(node.operator)
        ? literals([node.left, node.right], `its source is taken by ${node.operator}`)
        : NONE
    default:
      return NONE
  }
}

function usesByCall(node: Extract<Node, { type: 'CallExpression' }>): readonly TextUse[] {
  const callee = unwrap(node.callee)
  if (callee.type === 'Identifier') {
    if (callee.name === 'String') return uses(node.arguments, 'its source is taken by String()')
    if (callee.name === 'ClientFunction') return uses(node.arguments, 'ClientFunction() runs its source elsewhere')
    return callee.name === 'Function' ? uses(node.arguments, 'its source is put into Function()') : NONE
  }
  if (callee.type !== 'MemberExpression') return NONE
  const name = lastName(callee) ?? ''
  if (name === 'toString') return uses([callee.object], 'its source is taken by toString()')
  if (name === 'call' && isFunctionToString(callee.object)) {
    return uses(node.arguments, 'its source is taken by toString()')
  }
  if (isHoisted(name, callee.object)) return uses(node.arguments, `${name}() is moved above the imports`)
  const reason = `${name}() runs its source elsewhere`
  if (serialisesFirst(name, callee.object, node.arguments.length)) return uses(node.arguments.slice(0, 1), reason)
  if (!SERIALISERS.has(name)) return NONE
  return [...uses(node.arguments, reason), ...uses(node.arguments.flatMap(functionProperties), reason)]
}

const HOISTED: ReadonlySet<string> = new Set(['mock', 'doMock', 'unstable_mockModule', 'hoisted'])

// Test runners let what is mocked be there before the imports are, and so before the runtime: Jest refuses factories
// that refer to anything outside.
function isHoisted(name: string, object: Node): boolean {
  return HOISTED.has(name) && /^(jest|vi|vitest)$/.test(lastName(object) ?? '')
}

// `pool.exec(fn, [arguments])` of a worker pool and `browser.execute(fn)` of a driver; both names have other uses.
function serialisesFirst(name: string, object: Node, argumentCount: number): boolean {
  if (name === 'exec') return argumentCount > 1
  return (name === 'execute' || name === 'executeAsync') && /^(browser|driver)$/.test(lastName(object) ?? '')
}

// `Function.prototype.toString`, not `Object.prototype.toString`.
function isFunctionToString(node: Node): boolean {
  const method = unwrap(node)
  if (method.type !== 'MemberExpression' || lastName(method) !== 'toString') return false
  const prototype = unwrap(method.object)
  return prototype.type === 'MemberExpression' && lastName(prototype.object) === 'Function'
}

// `executeScript({ func: () => … })`, as browser extensions have it.
function functionProperties(argument: Node): Node[] {
  if (argument.type !== 'ObjectExpression') return []
  return argument.properties.flatMap(property => {
    if (property.type !== 'Property') return []
    return /^(func|function)$/.test(lastName(property.key) ?? '') ? [property.value] : []
  })
}

function literals(nodes: readonly Node[], reason: string): readonly TextUse[] {
  return nodes.some(node => isFunction(unwrap(node))) ? uses(nodes, reason).filter(use => isFunction(use.node)) : NONE
}

function uses(nodes: readonly Node[], reason: string): readonly TextUse[] {
  let found: TextUse[] | undefined
  for (const each of nodes) {
    const node = unwrap(each)
    if (node.type === 'Identifier' || isFunction(node)) (found ??= []).push({ node, reason })
  }
  return found ?? NONE
}

/** Marks the functions that are taken as text, and all in them; `names` are those that functions of the file have. */
export function markShipped(
  program: Program,
  functions: readonly { readonly node: FunctionNode; shipped?: string }[],
  uses: readonly TextUse[],
  names: ReadonlySet<string>,
): void {
  for (const { node, reason } of uses) {
    const target = isFunction(node) ? node : namedFunction(program, node, names)
    if (!target) continue
    for (const found of functions) {
      if (found.node.start >= target.start && found.node.end <= target.end) found.shipped ??= reason
    }
  }
}

// Names in templates are many, those of functions few.
function namedFunction(program: Program, node: Node, names: ReadonlySet<string>): FunctionNode | undefined {
  return node.type === 'Identifier' && names.has(node.name) ? resolveFunction(program, node) : undefined
}

// The function literal that an identifier stands for, as far as the scopes around it tell.
function resolveFunction(program: Program, identifier: Node): FunctionNode | undefined {
  const name = lastName(identifier) as string
  for (const scope of pathTo(program, identifier.start).reverse()) {
    const binding = bindingIn(scope, name)
    if (binding) return binding === 'other' ? undefined : binding
  }
  return undefined
}

function pathTo(root: Node, offset: number): Node[] {
  const path: Node[] = []
  const descend = (node: Node): void => {
    if (offset < node.start || offset >= node.end) return
    path.push(node)
    eachChild(node, descend)
  }
  descend(root)
  return path
}
