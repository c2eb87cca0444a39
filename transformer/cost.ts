import type { Site } from '../model/index.ts'
import { eachChild, walk } from './children.ts'
import { type FunctionNode, isFunction, type Node, type Program, parse, unwrap } from './parse.ts'
import type { FilePlan, FunctionPlan, FunctionShape } from './plan.ts'
import { lastName, NESTED } from './span-name.ts'

/**
 * What a call costs more because of spans: an estimate from the text alone (docs/plan.md). A span costs what was measured
 * for its shape, and every suspension a little more; to this comes what the calls in the body cost, as far as names tell
 * which of the planned functions they mean: those of the file, what it imports, and methods of classes that it imports.
 * What is in a loop counts `LOOP` times, and so does the callback of `map` and its like; what branches leave out is not
 * left out; a function that calls itself is counted once.
 */
export interface Cost {
  /** Spans a call, its own included. */
  readonly spans: number
  readonly nanoseconds: number
}

/** Turns that a loop is taken to have. */
export const LOOP = 10

/**
 * Nanoseconds: tracing on, exporters idle, Node 24 on a 2-core virtual machine, the best of 20 rounds. A span is a call
 * that suspends once (`suspension` is the price of each further time).
 */
const NANOSECONDS: Readonly<Record<FunctionShape, { readonly span: number; readonly suspension: number }>> = {
  sync: { span: 100, suspension: 0 },
  async: { span: 160, suspension: 10 },
  generator: { span: 110, suspension: 20 },
  'async-generator': { span: 200, suspension: 60 },
}

/** Beyond this, numbers say no more than "many". */
const MANY = 1_000_000

/** A planned function with what its text says. */
export interface CostFacts {
  readonly site: Site
  readonly shape: FunctionShape
  /** Times that a call suspends. */
  readonly suspensions: number
  readonly calls: readonly CallFact[]
  /** What the file imports: its own name for it to the name that it has there. */
  readonly imports: ReadonlyMap<string, string>
}

interface CallFact {
  /** The site itself where the text shows it; else the last part of the name that is called. */
  readonly callee: Site | NamedCallee
  /** Times for each call of the function. */
  readonly times: number
}

interface NamedCallee {
  readonly name: string
  readonly member: boolean
  /** The class that the object is an instance of, where the text shows it. */
  readonly owner?: string | undefined
}

/** What the text of a file says about the costs of its planned functions. */
export function costFacts(code: string, filename: string, plan: FilePlan): readonly CostFacts[] {
  if (plan.functions.length === 0) return []
  const parsed = parse(code, filename, plan.format)
  if ('message' in parsed) return []
  const reader = new Reader(plan, parsed.program)
  reader.visit(parsed.program, undefined, 1)
  const imports = importedNames(parsed.program)
  return plan.functions.map(one => ({ ...reader.factsOf(one), imports }))
}

/** The costs of all planned functions of a program, by their sites. */
export function estimateCosts(facts: readonly CostFacts[]): ReadonlyMap<Site, Cost> {
  const resolve = resolver(facts)
  const bySite = new Map(facts.map(fact => [fact.site, fact]))
  const known = new Map<Site, Cost>()
  const costOf = (fact: CostFacts): Cost => {
    const done = known.get(fact.site)
    if (done) return done
    // Where functions call each other in a circle, the way back is free.
    known.set(fact.site, FREE)
    let { spans, nanoseconds } = ownCost(fact)
    for (const { callee, times } of fact.calls) {
      const target = 'id' in callee ? bySite.get(callee) : resolve(callee, fact)
      const cost = target ? costOf(target) : FREE
      spans += times * cost.spans
      nanoseconds += times * cost.nanoseconds
    }
    const cost = { spans: Math.min(spans, MANY), nanoseconds: Math.min(nanoseconds, MANY * 100) }
    known.set(fact.site, cost)
    return cost
  }
  return new Map(facts.map(fact => [fact.site, costOf(fact)]))
}

const FREE: Cost = { spans: 0, nanoseconds: 0 }

function ownCost({ shape, suspensions }: CostFacts): Cost {
  const { span, suspension } = NANOSECONDS[shape]
  return { spans: 1, nanoseconds: span + suspension * Math.max(0, suspensions - 1) }
}

type Resolve = (callee: NamedCallee, from: CostFacts) => CostFacts | undefined

/** By its last name, if only one function can be meant. */
function resolver(facts: readonly CostFacts[]): Resolve {
  const byName = new Map<string, CostFacts[]>()
  for (const fact of facts) {
    const name = shortName(fact.site)
    byName.set(name, [...(byName.get(name) ?? []), fact])
  }
  return ({ name, member, owner }, { site: { file }, imports }) => {
    if (owner !== undefined)
      return only((byName.get(name) ?? []).filter(({ site }) => site.name === `${owner}.${name}`))
    const near = (byName.get(name) ?? []).filter(({ site }) => site.file === file)
    if (near.length > 0) return only(near)
    if (!member) return only(byName.get(imports.get(name) ?? '') ?? [])
    const known = new Set(imports.values())
    return only((byName.get(name) ?? []).filter(({ site }) => known.has(site.name.split('.')[0] as string)))
  }
}

function only<T>(candidates: readonly T[]): T | undefined {
  return candidates.length === 1 ? candidates[0] : undefined
}

function importedNames(program: Program): ReadonlyMap<string, string> {
  const names = program.body.flatMap(statement => {
    if (statement.type !== 'ImportDeclaration') return []
    return statement.specifiers.map(({ local, ...specifier }): [string, string] => {
      const imported = 'imported' in specifier && 'name' in specifier.imported ? specifier.imported.name : local.name
      return [local.name, imported]
    })
  })
  return new Map(names)
}

// `checkout › validate`, `OrderService.checkout`, `new Cart`.
function shortName({ name }: Site): string {
  const last = name.split(NESTED).at(-1) as string
  return last.startsWith('new ') ? last.slice('new '.length) : (last.split('.').at(-1) as string)
}

/** Methods of the language's own objects: a call of that name says nothing about the program's. */
const BUILT_IN: ReadonlySet<string> = new Set(
  [Array, Map, Set, String, Promise, Object, RegExp, Date, Function].flatMap(type =>
    Object.getOwnPropertyNames(type.prototype),
  ),
)
const ITERATING = /^(map|forEach|filter|reduce|reduceRight|some|every|find|findLast|findIndex|flatMap|sort|toSorted)$/
const LOOPS = /^(For|ForIn|ForOf|While|DoWhile)Statement$/

/** `x = new Till()`, `x: Till`, of variables, parameters and properties: what it is called, and its class. */
function instanceIn(node: Node): readonly [name?: string | undefined, type?: string | undefined] {
  switch (node.type) {
    case 'Identifier':
      return [node.name, typeNamed(node.typeAnnotation)]
    case 'VariableDeclarator':
      return [lastName(node.id), node.init?.type === 'NewExpression' ? lastName(node.init.callee) : undefined]
    case 'PropertyDefinition':
      return [
        lastName(node.key),
        node.value?.type === 'NewExpression' ? lastName(node.value.callee) : typeNamed(node.typeAnnotation),
      ]
    default:
      return []
  }
}

function typeNamed(annotation: { readonly typeAnnotation: Node } | null | undefined): string | undefined {
  const type = annotation?.typeAnnotation
  return type?.type === 'TSTypeReference' && type.typeName.type === 'Identifier' ? type.typeName.name : undefined
}

class Reader {
  readonly #planned: ReadonlyMap<number, FunctionPlan>
  readonly #calls = new Map<FunctionPlan, CallFact[]>()
  readonly #suspensions = new Map<FunctionPlan, number>()

  /** Classes by the names of variables and properties that hold instances of them. */
  readonly #instances = new Map<string, string>()

  constructor(plan: FilePlan, program: Program) {
    this.#planned = new Map(plan.functions.map(one => [one.start, one]))
    walk(program, node => {
      const [name, type] = instanceIn(node)
      if (name !== undefined && type !== undefined) this.#instances.set(name, type)
      return true
    })
  }

  factsOf(one: FunctionPlan): Omit<CostFacts, 'imports'> {
    const { site, shape } = one
    return { site, shape, suspensions: this.#suspensions.get(one) ?? 0, calls: this.#calls.get(one) ?? [] }
  }

  visit(node: Node, owner: FunctionPlan | undefined, times: number): void {
    if (isFunction(node)) {
      this.#function(node, undefined, 1)
      return
    }
    if (owner && /^(Await|Yield)Expression$/.test(node.type)) this.#suspend(owner, times)
    if (node.type === 'CallExpression' || node.type === 'NewExpression') {
      this.#call(node, owner, times)
      return
    }
    const inside = LOOPS.test(node.type) ? times * LOOP : times
    eachChild(node, child => this.visit(child, owner, inside))
  }

  /** `caller` runs it `times` times; undefined where the text does not show who does. */
  #function(node: FunctionNode, caller: FunctionPlan | undefined, times: number): void {
    const planned = this.#planned.get(node.start)
    if (planned && caller) this.#add(caller, planned.site, times)
    const owner = planned ?? caller
    const inside = planned ? 1 : times
    eachChild(node, child => this.visit(child, owner, inside))
  }

  #call(
    node: Extract<Node, { type: 'CallExpression' | 'NewExpression' }>,
    owner: FunctionPlan | undefined,
    times: number,
  ): void {
    const callee = unwrap(node.callee)
    const name = lastName(callee)
    if (isFunction(callee)) this.#function(callee, owner, times)
    else this.visit(callee, owner, times)
    const member = callee.type === 'MemberExpression'
    const type = member ? this.#classOf(callee.object, owner) : undefined
    const known = name !== undefined && !(member && type === undefined && BUILT_IN.has(name))
    if (owner && known) this.#add(owner, { name, member, owner: type }, times)
    const iterates = member && name !== undefined && ITERATING.test(name)
    for (const argument of node.arguments) {
      const value = unwrap(argument)
      if (iterates && isFunction(value)) this.#function(value, owner, times * LOOP)
      else this.visit(argument, owner, times)
      // `orders.map(price)`
      if (iterates && owner && value.type === 'Identifier')
        this.#add(owner, { name: value.name, member: false }, times * LOOP)
    }
  }

  #classOf(object: Node, owner: FunctionPlan | undefined): string | undefined {
    const value = unwrap(object)
    if (value.type === 'ThisExpression') return owner?.site.name.split(NESTED)[0]?.split('.')[0]
    if (value.type === 'NewExpression') return lastName(value.callee)
    return this.#instances.get(lastName(value) ?? '')
  }

  #add(owner: FunctionPlan, callee: CallFact['callee'], times: number): void {
    this.#calls.set(owner, [...(this.#calls.get(owner) ?? []), { callee, times }])
  }

  #suspend(owner: FunctionPlan, times: number): void {
    this.#suspensions.set(owner, (this.#suspensions.get(owner) ?? 0) + times)
  }
}
