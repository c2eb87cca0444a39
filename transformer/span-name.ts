import { isWrapper, type Node, type PropertyKey, unwrap } from './parse.ts'

/** What joins a nested function's name to the name of the function around it. */
export const NESTED = ' › '

/** How the source around a function (or class) names it. */
export interface Naming {
  /** Without what it is nested in: `checkout`, `get total`, `handlers.create`, `<anonymous @ map>`. */
  readonly local: string
  /** Whether `local` is the name of a member of the class around it. */
  readonly member: boolean
  /** The nodes around it that stand for it alone: an annotation before any of them is meant for it. */
  readonly carriers: readonly Node[]
}

/** Names a function or class; `parents` are the nodes around it, outermost first. */
export function nameOf(node: Node, parents: readonly Node[], code: string): Naming {
  const path: string[] = []
  const carriers: Node[] = []
  let alone = true
  let child = node
  let i = parents.length - 1
  for (; i >= 0; i--) {
    const parent = parents[i] as Node
    const step = stepThrough(parent, child, code)
    if (step === undefined) break
    if (step.name !== undefined) path.unshift(step.name)
    alone &&= step.carries
    if (alone) carriers.push(parent)
    if (step.ends === 'member') return { local: path.join('.'), member: true, carriers }
    if (step.ends) {
      if (alone) carriers.push(...statementsOf(parents, i))
      return { local: path.join('.'), member: false, carriers }
    }
    child = parent
  }
  return { local: path.join('.') || ownName(node, parents, i, child), member: false, carriers }
}

interface Step {
  readonly name?: string
  /** Whether the parent still stands for the function alone. */
  readonly carries: boolean
  /** Whether nothing further out has a part in the name. */
  readonly ends?: true | 'member'
}

function stepThrough(parent: Node, child: Node, code: string): Step | undefined {
  if (isWrapper(parent)) return { carries: true }
  switch (parent.type) {
    case 'MethodDefinition':
    case 'PropertyDefinition':
    case 'AccessorProperty':
      return child === parent.value ? { name: memberName(parent, code), carries: true, ends: 'member' } : undefined
    case 'Property':
      return child === parent.value ? { name: memberName(parent, code), carries: true } : undefined
    case 'ObjectExpression':
    case 'ConditionalExpression':
    case 'LogicalExpression':
      return { carries: false }
    case 'VariableDeclarator':
      return child === parent.init ? { name: targetName(parent.id, code), carries: true, ends: true } : undefined
    case 'AssignmentExpression':
    case 'AssignmentPattern':
      if (child !== parent.right) return undefined
      if (isAlias(parent.left, child)) return { carries: true }
      return { name: targetName(parent.left, code), carries: true, ends: true }
    case 'ExportDefaultDeclaration':
    case 'TSExportAssignment':
      return hasName(child) ? { carries: true } : { name: 'default', carries: true, ends: true }
    case 'ExportNamedDeclaration':
      return { carries: true }
    default:
      return undefined
  }
}

/** `let Mail = Mail_1 = class Mail {}`: how TypeScript writes a decorated class that speaks of itself. */
function isAlias(target: Node, value: Node): boolean {
  return target.type === 'Identifier' && hasName(value) && target.name.replace(/_\d+$/, '') === value.id.name
}

// `const f = …` and `a.b = …` with what they stand in: the statement, its `export`.
function statementsOf(parents: readonly Node[], from: number): Node[] {
  const statements: Node[] = []
  for (let i = from - 1; i >= 0; i--) {
    const type = (parents[i] as Node).type
    if (type !== 'VariableDeclaration' && type !== 'ExpressionStatement' && type !== 'ExportNamedDeclaration') break
    statements.push(parents[i] as Node)
  }
  return statements
}

function ownName(node: Node, parents: readonly Node[], i: number, child: Node): string {
  if (hasName(node)) return node.id.name
  if (node.type === 'ClassDeclaration' || node.type === 'ClassExpression') return '<class>'
  const parent = parents[i]
  switch (parent?.type) {
    case 'CallExpression':
    case 'NewExpression':
      return parent.callee === child ? '<iife>' : anonymousIn(lastName(parent.callee))
    case 'MemberExpression':
      return parent.object === child && /^(call|apply)$/.test(lastName(parent) ?? '') ? '<iife>' : '<anonymous>'
    case 'JSXExpressionContainer': {
      const attribute = parents[i - 1]
      const name = attribute?.type === 'JSXAttribute' ? attribute.name : undefined
      return anonymousIn(name?.type === 'JSXIdentifier' ? name.name : undefined)
    }
    default:
      return '<anonymous>'
  }
}

function hasName(node: Node): node is Node & { readonly id: { readonly name: string } } {
  return 'id' in node && node.id?.type === 'Identifier'
}

function anonymousIn(callee: string | undefined): string {
  return callee ? `<anonymous @ ${callee}>` : '<anonymous>'
}

/** The last name of `a.b.c`; undefined where there is none. */
export function lastName(node: Node): string | undefined {
  const inner = unwrap(node)
  switch (inner.type) {
    case 'Identifier':
      return inner.name
    case 'MemberExpression':
      return inner.computed ? undefined : lastName(inner.property as Node)
    case 'PrivateIdentifier':
      return `#${inner.name}`
    case 'ChainExpression':
      return lastName(inner.expression)
    case 'Super':
      return 'super'
    default:
      return undefined
  }
}

function targetName(target: Node, code: string): string {
  const inner = unwrap(target)
  switch (inner.type) {
    case 'Identifier':
      return inner.name
    case 'ThisExpression':
      return 'this'
    case 'MemberExpression': {
      const object = targetName(inner.object, code)
      return inner.computed ? `${object}[${excerpt(inner.property, code)}]` : `${object}.${lastName(inner.property)}`
    }
    default:
      return excerpt(inner, code)
  }
}

type Member = Extract<Node, { key: PropertyKey }>

function memberName(member: Member, code: string): string {
  const kind = 'kind' in member ? member.kind : undefined
  const key = keyName(member.key, 'computed' in member && member.computed, code)
  return kind === 'get' || kind === 'set' ? `${kind} ${key}` : key
}

function keyName(key: PropertyKey, computed: boolean, code: string): string {
  if (computed) return `[${excerpt(key, code)}]`
  if (key.type === 'PrivateIdentifier') return `#${key.name}`
  if (key.type === 'Identifier') return key.name
  return key.type === 'Literal' ? String(key.value) : excerpt(key, code)
}

const EXCERPT_LENGTH = 40

// Source text as part of a name: on one line, and not for ever.
function excerpt(node: Node, code: string): string {
  const text = code.slice(node.start, node.end).replace(/\s+/g, ' ')
  return text.length > EXCERPT_LENGTH ? `${text.slice(0, EXCERPT_LENGTH - 1)}…` : text
}

/** The name of a member with the class's: `Cart.get total`, `Cart.#charge`, `new Cart`. */
export function memberOf(className: string, local: string, isConstructor: boolean): string {
  return isConstructor ? `new ${className}` : `${className}.${local}`
}
