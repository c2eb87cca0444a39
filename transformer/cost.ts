import type { Site } from '../model/index.ts'
import { type FunctionNode, isFunction, type Node, parse, eachChild, unwrap } from './parse.ts'
import type { FilePlan, FunctionPlan, FunctionShape } from './plan.ts'
import { lastName, NESTED } from './span-name.ts'

/**
 * What a call costs more because of spans: an estimate from the text alone (docs/plan.md). A span costs what was measured
 * for its shape, and every suspension a little more; to this comes what the calls in the body cost, as far as names tell
 * which of the planned functions they mean. What is in a loop counts `LOOP` times, and so does the callback of `map`
 * and its like; what branches leave out is not left out; a function that calls itself is counted once.
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
}

interface CallFact {
  /** The last part of the name that is called, or the site itself where the text shows it. */
  readonly callee: string | Site
  /** Times for each call of the function. */
  readonly times: number
}

/** What the text of a file says about the costs of its planned functions. */
export function costFacts(code: string, filename: string, plan: FilePlan): readonly CostFacts[] {
  if (plan.functions.length === 0) return []
  const parsed = parse(code, filename, plan.format)
  if ('message' in parsed) return []
  const reader = new Reader(plan)
  reader.visit(parsed.program, undefined, 1)
  return plan.functions.map(one => reader.factsOf(one))
}

/** The costs of all planned functions of a program, by their sites. */
export function estimateCosts(facts: readonly CostFacts[]): ReadonlyMap<Site, Cost> {
  const resolve = resolver(facts)
  const bySite = new Map(facts.map(fact => [fact.site, fact]))
  const known = new Map<Site, Cost>()
  const costOf = (fact: CostFacts, above: ReadonlySet<Site>): Cost => {
    const done = known.get(fact.site)
    if (done) return done
    const inside = new Set(above).add(fact.site)
    let { spans, nanoseconds } = ownCost(fact)
    let cut = false
    for (const { callee, times } of fact.calls) {
      const target = typeof callee === 'string' ? resolve(callee, fact.site.file) : bySite.get(callee)
      if (!target) continue
      if (inside.has(target.site)) {
        cut = true
        continue
      }
      const cost = costOf(target, inside)
      spans += times * cost.spans
      nanoseconds += times * cost.nanoseconds
    }
    const result = { spans: Math.min(spans, MANY), nanoseconds: Math.min(nanoseconds, MANY * 100) }
    // Inside a cycle the figure depends on where one came in.
    if (!cut || above.size === 0) known.set(fact.site, result)
    return result
  }
  return new Map(facts.map(fact => [fact.site, costOf(fact, new Set())]))
}

function ownCost({ shape, suspensions }: CostFacts): Cost {
  const { span, suspension } = NANOSECONDS[shape]
  return { spans: 1, nanoseconds: span + suspension * Math.max(0, suspensions - 1) }
}

/** By its last name: within the file, else in the whole program, if there is only one. */
function resolver(facts: readonly CostFacts[]): (name: string, file: string) => CostFacts | undefined {
  const byName = new Map<string, CostFacts[]>()
  for (const fact of facts) {
    const name = shortName(fact.site)
    byName.set(name, [...(byName.get(name) ?? []), fact])
  }
  return (name, file) => {
    const all = byName.get(name) ?? []
    const near = all.filter(({ site }) => site.file === file)
    const candidates = near.length > 0 ? near : all
    return candidates.length === 1 ? candidates[0] : undefined
  }
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

class Reader {
  readonly #planned: ReadonlyMap<number, FunctionPlan>
  readonly #calls = new Map<FunctionPlan, CallFact[]>()
  readonly #suspensions = new Map<FunctionPlan, number>()

  constructor(plan: FilePlan) {
    this.#planned = new Map(plan.functions.map(one => [one.start, one]))
  }

  factsOf(one: FunctionPlan): CostFacts {
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

  #call(node: Extract<Node, { type: 'CallExpression' | 'NewExpression' }>, owner: FunctionPlan | undefined, times: number): void {
    const callee = unwrap(node.callee)
    const name = lastName(callee)
    if (isFunction(callee)) this.#function(callee, owner, times)
    else this.visit(callee, owner, times)
    const known = name !== undefined && !(callee.type === 'MemberExpression' && BUILT_IN.has(name))
    if (owner && known) this.#add(owner, name, times)
    const iterates = callee.type === 'MemberExpression' && name !== undefined && ITERATING.test(name)
    for (const argument of node.arguments) {
      const value = unwrap(argument)
      if (iterates && isFunction(value)) this.#function(value, owner, times * LOOP)
      else this.visit(argument, owner, times)
      // `orders.map(price)`
      if (iterates && owner && value.type === 'Identifier') this.#add(owner, value.name, times * LOOP)
    }
  }

  #add(owner: FunctionPlan, callee: string | Site, times: number): void {
    this.#calls.set(owner, [...(this.#calls.get(owner) ?? []), { callee, times }])
  }

  #suspend(owner: FunctionPlan, times: number): void {
    this.#suspensions.set(owner, (this.#suspensions.get(owner) ?? 0) + times)
  }
}
