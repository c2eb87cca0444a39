import type { FunctionKind } from '../model/index.ts'
import type { Annotation, Annotations } from './annotations.ts'
import { boundNames } from './bindings.ts'
import { eachChild } from './children.ts'
import { compiledNamespace } from './compiled-namespace.ts'
import { foreignReason, startsStrict } from './directives.ts'
import { IN_WITH } from './hazards.ts'
import {
  type AccessorProperty,
  type Class,
  type Decorator,
  type FunctionNode,
  isFunction,
  type MethodDefinition,
  type Node,
  type Program,
  type PropertyDefinition,
  unwrap,
} from './parse.ts'
import { markShipped, type TextUse, textUses } from './shipped.ts'
import { memberOf, type Naming, NESTED, nameOf } from './span-name.ts'

/** A function of the source: what it is called, where, and which annotations are meant for it. */
export interface FoundFunction {
  readonly node: FunctionNode
  readonly kind: FunctionKind
  /** Qualified: with the class and the functions around it. */
  readonly name: string
  /** The offset that its site points at: the name's, where it is declared with one, else the first token's. */
  readonly at: number
  readonly strict: boolean
  /** The class that it is a member of. */
  readonly memberOf?: FoundClass
  readonly annotations: readonly Annotation[]
  /** Why its source runs elsewhere, if it does. */
  shipped?: string
}

export interface FoundClass {
  readonly node: Class
  readonly name: string
  readonly annotations: readonly Annotation[]
  /** Functions that are its members. */
  members: number
}

/** All that the planner selects from. */
export interface Found {
  readonly functions: readonly FoundFunction[]
  readonly classes: readonly FoundClass[]
  /** Every name that is declared anywhere in the file. */
  readonly declared: ReadonlySet<string>
  /** What stands at an offset and has no body to instrument, for the warning on annotations there. */
  readonly bodiless: ReadonlyMap<number, string>
  /** Decorated members that are no functions, by the offset of the decorator: why it is not done in place. */
  readonly decoratedValues: ReadonlyMap<number, DecoratedValue>
}

/** A field or auto-accessor with a `@span` decorator whose value is no function literal. */
export interface DecoratedValue {
  readonly name: string
  readonly at: number
  /** Whether the value may turn out to be a function when it runs. */
  readonly maybe: boolean
}

const NO_ANNOTATIONS: readonly Annotation[] = []

type OriginalText = (offset: number) => string | undefined

interface Scope {
  readonly prefix: string
  readonly strict: boolean
  /** What begins the names of what a compiled namespace exports. */
  readonly exports?: string
  /** Why nothing in here runs here. */
  readonly foreign?: string
  readonly class?: FoundClass & { readonly prefix: string; readonly local: string }
}

/**
 * Finds every function of a file, those in functions after the ones they are in. `originalAt`: of a compiled file, what
 * the source's text is from where something of it came, as far as that is known. What a compiler has made of namespaces
 * is no function.
 */
export function findFunctions(
  program: Program,
  code: string,
  annotations: Annotations,
  strict: boolean,
  originalAt?: OriginalText,
): Found {
  const scope = { prefix: '', strict: strict || startsStrict(program.body) }
  const finder = new Finder(code, annotations, scope, originalAt)
  finder.visit(program)
  markShipped(program, finder.functions, finder.uses, finder.names)
  return finder
}

class Finder implements Found {
  readonly functions: FoundFunction[] = []
  readonly classes: FoundClass[] = []
  readonly declared: Set<string> = new Set()
  readonly bodiless: Map<number, string> = new Map()
  readonly decoratedValues: Map<number, DecoratedValue> = new Map()
  readonly uses: TextUse[] = []
  /** Names under which functions of the file can be referred to. */
  readonly names: Set<string> = new Set()
  readonly #parents: Node[] = []
  readonly #code: string
  readonly #annotations: Annotations
  readonly #originalAt: OriginalText | undefined
  /** What the node is in that is being visited. */
  #scope: Scope
  readonly #visit = (node: Node): void => this.visit(node)

  constructor(code: string, annotations: Annotations, scope: Scope, originalAt: OriginalText | undefined) {
    this.#code = code
    this.#annotations = annotations
    this.#originalAt = originalAt
    this.#scope = scope
  }

  visit(node: Node): void {
    if (isLeaf(node)) return
    const outer = this.#scope
    this.#scope = this.#enter(node, outer)
    this.#parents.push(node)
    eachChild(node, this.#visit)
    this.#parents.pop()
    this.#scope = outer
  }

  #enter(node: Node, scope: Scope): Scope {
    if (isFunction(node)) return this.#function(node, scope)
    switch (node.type) {
      case 'ClassDeclaration':
      case 'ClassExpression':
        return this.#class(node, scope)
      case 'VariableDeclarator':
      case 'TSEnumDeclaration':
      case 'TSImportEqualsDeclaration':
        this.#declare(node.id)
        return scope
      case 'ImportDefaultSpecifier':
      case 'ImportNamespaceSpecifier':
      case 'ImportSpecifier':
        this.#declare(node.local)
        return scope
      case 'CatchClause':
        if (node.param) this.#declare(node.param)
        return scope
      case 'WithStatement':
        return { ...scope, foreign: IN_WITH }
      case 'TSModuleDeclaration':
        this.#declare(node.id)
        return { ...scope, prefix: `${scope.prefix}${this.#code.slice(node.id.start, node.id.end)}.` }
      case 'PropertyDefinition':
      case 'AccessorProperty':
        this.#value(node, scope)
        this.#use(node)
        return scope
      case 'TSDeclareFunction':
      case 'TSEmptyBodyFunctionExpression':
      case 'TSAbstractMethodDefinition':
      case 'TSAbstractPropertyDefinition':
      case 'TSAbstractAccessorProperty':
        this.#withoutBody(node)
        return scope
      case 'Decorator':
        // One that nothing claims is to be warned of.
        this.#annotations.decorator(node)
        return scope
      case 'CallExpression':
      case 'NewExpression':
      case 'TemplateLiteral':
      case 'BinaryExpression':
      case 'MemberExpression':
      case 'Property':
      case 'MethodDefinition':
        this.#use(node)
        return scope
      default:
        return scope
    }
  }

  #declare(pattern: Node): void {
    if (pattern.type === 'Identifier') this.declared.add(pattern.name)
    else for (const name of boundNames(pattern)) this.declared.add(name)
  }

  #use(node: Node): void {
    for (const use of textUses(node)) this.uses.push(use)
  }

  #function(node: FunctionNode, scope: Scope): Scope {
    const originalAt = this.#originalAt
    const namespace = originalAt && compiledNamespace(node, this.#parents, () => originalAt(node.start))
    if (namespace) return { ...scope, prefix: `${scope.prefix}${namespace.name}.`, exports: `${namespace.local}.` }
    const naming = nameOf(node, this.#parents, this.#code)
    const member = this.#parents.at(-1)
    const kind = kindOf(node, member)
    const annotations = this.#annotationsOf(node, naming.carriers)
    const name = annotations.find(a => a.name !== undefined)?.name ?? qualified(naming, scope, kind)
    const body = node.body.type === 'BlockStatement' ? node.body.body : []
    const strict = scope.strict || startsStrict(body)
    const foreign = scope.foreign ?? foreignReason(body)
    const owner = naming.member && naming.carriers.some(isMember) ? scope.class : undefined
    if (owner) owner.members++
    const at = positionOf(node, kind, member)
    this.names.add(naming.local)
    if (node.id) {
      this.names.add(node.id.name)
      this.declared.add(node.id.name)
    }
    for (const parameter of node.params) this.#declare(parameter)
    const optional = { ...(owner && { memberOf: owner }), ...(foreign && { shipped: foreign }) }
    this.functions.push({ node, kind, name, at, strict, annotations, ...optional })
    return { prefix: name + NESTED, strict, ...(foreign && { foreign }) }
  }

  #class(node: Class, scope: Scope): Scope {
    if (node.id) this.#declare(node.id)
    const naming = nameOf(node, this.#parents, this.#code)
    const annotations = this.#annotationsOf(node, naming.carriers)
    const explicit = annotations.find(a => a.name !== undefined)?.name
    const local = explicit ?? (naming.member && scope.class ? `${scope.class.local}.${naming.local}` : naming.local)
    const outer = naming.member && scope.class ? scope.class.prefix : scope.prefix
    const prefix = explicit === undefined ? outer : ''
    const found = { node, name: prefix + local, annotations, members: 0, prefix, local }
    this.classes.push(found)
    return { ...scope, prefix: found.name + NESTED, strict: true, class: found }
  }

  /** Annotations of a node: its decorators, and the tags before it or before anything that stands for it alone. */
  #annotationsOf(node: Node, carriers: readonly Node[]): readonly Annotation[] {
    if (!this.#annotations.possible) return NO_ANNOTATIONS
    const found: Annotation[] = []
    for (const carrier of [node, ...carriers]) {
      for (const offset of this.#anchorsOf(carrier)) {
        for (const tag of this.#annotations.tagsAt(offset)) if (!found.includes(tag)) found.push(tag)
      }
      for (const [i, decorator] of decoratorsOf(carrier).entries()) {
        const annotation = this.#annotations.decorator(decorator)
        if (!annotation) continue
        annotation.first = i === 0 && isMember(carrier)
        found.push(annotation)
      }
    }
    for (const annotation of found) annotation.used = true
    return found
  }

  #anchorsOf(node: Node): number[] {
    if (this.#annotations.all.length === 0) return []
    const decorators = decoratorsOf(node)
    const [first, last] = [decorators[0], decorators.at(-1)]
    const anchors = [node.start]
    if (first) anchors.push(first.start)
    if (last) anchors.push(this.#annotations.tokenFrom(last.end))
    if ('key' in node) anchors.push(node.key.start)
    return [...new Set(anchors)]
  }

  #value(node: PropertyDefinition | AccessorProperty, scope: Scope): void {
    // A field whose value is a function is done with the function.
    if (node.decorators.length === 0 || (node.value && isFunction(unwrap(node.value)))) return
    for (const decorator of node.decorators) {
      const annotation = this.#annotations.decorator(decorator)
      if (annotation?.tag !== '@span') continue
      const local = nameOf(node.key, [node], this.#code).local
      const name = `${scope.class?.name ?? ''}.${local === '<anonymous>' ? this.#text(node.key) : local}`
      const maybe =
        node.type === 'AccessorProperty' ||
        /^(Call|Member|New|Conditional|Await)|^Identifier$/.test(node.value?.type ?? '')
      this.decoratedValues.set(decorator.start, { name, at: node.key.start, maybe })
    }
  }

  #text(node: Node): string {
    return this.#code.slice(node.start, node.end)
  }

  #withoutBody(node: Node): void {
    const parent = this.#parents.at(-1)
    const carrier = parent && (isMember(parent) || /^Export/.test(parent.type)) ? parent : node
    const reason = bodilessReason(node, carrier)
    for (const anchor of [...this.#anchorsOf(node), ...this.#anchorsOf(carrier)]) {
      if (!this.bodiless.has(anchor)) this.bodiless.set(anchor, reason)
    }
    for (const decorator of decoratorsOf(carrier)) {
      if (this.#annotations.decorator(decorator)) this.bodiless.set(decorator.start, reason)
    }
  }
}

// Most nodes are.
function isLeaf(node: Node): boolean {
  return node.type === 'Identifier' ? !node.decorators?.length : node.type === 'Literal'
}

function bodilessReason(node: Node, carrier: Node): string {
  if (/^TSAbstract/.test(carrier.type)) return 'an abstract member has no body: annotate its implementations'
  if (node.type === 'TSDeclareFunction' && node.declare) return 'a declaration has no body'
  return 'an overload signature has no body: annotate the implementation'
}

function qualified(naming: Naming, scope: Scope, kind: FunctionKind): string {
  if (!naming.member || !scope.class) return scope.prefix + localIn(scope, naming.local)
  return scope.class.prefix + memberOf(scope.class.local, naming.local, kind === 'constructor')
}

/** `const sell` of a namespace has become `Shop.sell`. */
function localIn({ exports }: Scope, local: string): string {
  return exports !== undefined && local.startsWith(exports) ? local.slice(exports.length) : local
}

function isMember(node: Node): node is MethodDefinition | PropertyDefinition | AccessorProperty {
  return node.type === 'MethodDefinition' || node.type === 'PropertyDefinition' || node.type === 'AccessorProperty'
}

function decoratorsOf(node: Node): readonly Decorator[] {
  return 'decorators' in node && Array.isArray(node.decorators) ? (node.decorators as Decorator[]) : []
}

function kindOf(node: FunctionNode, parent: Node | undefined): FunctionKind {
  if (node.type === 'ArrowFunctionExpression') return 'arrow'
  if (parent?.type === 'MethodDefinition' && parent.value === node) {
    if (parent.kind === 'constructor') return 'constructor'
    return parent.kind === 'get' ? 'getter' : parent.kind === 'set' ? 'setter' : 'method'
  }
  if (parent?.type === 'Property' && parent.value === node) {
    if (parent.kind !== 'init') return parent.kind === 'get' ? 'getter' : 'setter'
    if (parent.method) return 'method'
  }
  return 'function'
}

function positionOf(node: FunctionNode, kind: FunctionKind, parent: Node | undefined): number {
  if (kind !== 'function' && kind !== 'arrow' && parent && 'key' in parent) return parent.key.start
  return node.id?.start ?? node.start
}
