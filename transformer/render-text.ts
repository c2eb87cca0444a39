import { Edits } from './edits.ts'
import type { InstrumentOptions } from './options.ts'
import { type FilePlan, type FunctionPlan, needsValue, type Point, type Range } from './plan.ts'
import {
  type AbiName,
  type InjectedNames,
  injectedNames,
  type PrologueOptions,
  prologue,
  returnCalls,
  SHAPES,
  type ShapeCalls,
} from './site-table.ts'
import type { SourceMap } from './source-map.ts'

export interface RenderedText {
  readonly code: string
  /** Null when nothing changed, or no map was asked for. */
  readonly map: SourceMap | null
}

/** Carries a plan out as insertions into the source text: no line is added, removed or reprinted. */
export function renderText(
  code: string,
  plan: FilePlan,
  options: PrologueOptions & Pick<InstrumentOptions, 'sourceMap' | 'filename' | 'uncounted'>,
): RenderedText {
  if (plan.functions.length === 0 && plan.decorators.length === 0) return { code, map: null }
  const edits = new Edits()
  const names = injectedNames(plan, options.uncounted ? '/* istanbul ignore next */ ' : '')
  for (const one of plan.functions) new FunctionRenderer(code, edits, names, one).render()
  // Without what parts it from the member before, `x = 1` and `*items() {}` would become one expression.
  for (const { start, end, first } of plan.decorators) edits.replace(start, end, first ? ';' : '')
  if (plan.functions.length > 0) addPrologue(code, plan, edits, prologue(plan, names, options))
  return edits.apply(code, options.sourceMap === false ? undefined : options.filename)
}

function addPrologue(code: string, plan: FilePlan, edits: Edits, text: string): void {
  const at = plan.prologueAt
  edits.insert(at, `${needsSemicolon(code, at) ? '; ' : ''}${text}; `)
}

// Behind a directive that ends with its line.
function needsSemicolon(code: string, at: number): boolean {
  return at > 0 && /['"]/.test(code[at - 1] as string)
}

type Declarator = PointOf<'using'>['declarators'][number]

type PointOf<Kind extends Point['kind']> = Extract<Point, { kind: Kind }>

class FunctionRenderer {
  readonly #code: string
  readonly #edits: Edits
  readonly #names: InjectedNames
  readonly #plan: FunctionPlan
  readonly #calls: ShapeCalls
  readonly #frame: string
  #resources = 0

  constructor(code: string, edits: Edits, names: InjectedNames, plan: FunctionPlan) {
    this.#code = code
    this.#edits = edits
    this.#names = names
    this.#plan = plan
    this.#calls = SHAPES[plan.shape]
    this.#frame = names.own('f')
  }

  render(): void {
    const { body, points, tail } = this.#plan
    const enter = `const ${this.#frame} = ${this.#names.use(this.#calls.enter)}(${this.#names.site(this.#plan.index)})`
    const value = needsValue(this.#plan) ? ` let ${this.#names.own('v')};` : ''
    const head = `${enter};${value} try { `
    const at = this.#plan.head
    if (body.kind === 'expression') {
      this.#edits.wrap(body, `{ ${head}`, `${this.#tail()} }`, at)
      this.#edits.wrap(body, 'return ', '', body.at)
    } else {
      const semicolon = needsSemicolon(this.#code, body.insertAt) ? ';' : ''
      const content = { start: body.insertAt, end: body.end - 1 }
      this.#edits.wrap(content, `${semicolon} ${head}`, '', at)
      if (body.directive !== undefined) this.#edits.wrap(content, '0; ', '', body.directive)
      this.#edits.wrap(content, '', `${this.#tail()} `, tail)
    }
    for (const point of points) this.#point(point)
  }

  #tail(): string {
    const error = this.#names.own('e')
    const { parameters } = this.#plan.site
    const captured = parameters.length > 0 ? `, [${parameters.join(', ')}]` : ''
    const fail = `throw ${this.#names.use(this.#calls.fail)}(${this.#frame}, ${error}${captured})`
    return ` } catch (${error}) { ${fail} } finally { ${this.#names.use(this.#calls.exit)}(${this.#frame}) }`
  }

  #point(point: Point): void {
    switch (point.kind) {
      case 'await':
        this.#await(point)
        break
      case 'yield':
        this.#yield(point)
        break
      case 'delegate':
        this.#suspension(point, this.#calls.resume)
        this.#passed(point.argument, point.first, this.#calls.delegate, point.anchor)
        break
      case 'return':
        this.#return(point)
        break
      case 'handler':
        this.#edits.insert(point.start + 1, ` ${this.#resume()};`)
        break
      case 'forget':
        this.#edits.wrap(point, `{ ${this.#names.use(this.#calls.settle)}(${this.#frame}); `, ' }')
        break
      case 'for-await':
        this.#forAwait(point)
        break
      case 'using':
        if (point.await) this.#awaitUsing(point)
        else this.#using(point)
        break
    }
  }

  /** Makes an expression the second argument of a call. */
  #around(range: Range, callee: string, anchor?: number): void {
    this.#edits.wrap(range, `${this.#gap(range.start)}${callee}(${this.#frame}, `, ')', anchor)
  }

  /** `await[x]`: what begins with a bracket may follow a keyword at once. */
  #gap(offset: number): string {
    return /[\w$]/.test(this.#code[offset - 1] ?? '') ? ' ' : ''
  }

  #resume(): string {
    return `${this.#names.use(this.#calls.resume)}(${this.#frame})`
  }

  #await(point: PointOf<'await'>): void {
    this.#suspension(point, 'resume')
    this.#passed(point.argument, point.first, 'suspend')
  }

  #suspension(point: PointOf<'await' | 'yield' | 'delegate'>, name: AbiName): void {
    // In front of a parenthesis, a line without a semicolon would not end.
    this.#passed(point, point.first, name, point.start, point.opens ? ';(' : '(')
  }

  /** Passes an expression through a call: around it, or behind it where it is to run first. */
  #passed(range: Range, first: boolean, name: AbiName, anchor?: number, open = '('): void {
    if (first) this.#behind(range, [name], this.#gap(range.start) + open, ')', anchor)
    else this.#around(range, this.#names.use(name), anchor)
  }

  /** `v = value, name(f, v)`. */
  #behind(range: Range, names: readonly AbiName[], open: string, close: string, anchor: number | undefined): void {
    const value = this.#names.own('v')
    this.#edits.wrap(range, `${open}${value} = `, '')
    this.#edits.wrap(range, '', `, ${this.#opened(names)}${value}${')'.repeat(names.length)}${close}`, anchor)
  }

  #opened(names: readonly AbiName[]): string {
    return names.map(name => `${this.#names.use(name)}(${this.#frame}, `).join('')
  }

  #yield(point: PointOf<'yield'>): void {
    const pause = this.#names.use(this.#calls.pause)
    this.#suspension(point, this.#calls.resume)
    if (point.argument) this.#passed(point.argument, point.first, this.#calls.pause)
    else this.#edits.wrap({ start: point.end - 1, end: point.end }, '', ` ${pause}(${this.#frame})`)
  }

  #return(point: PointOf<'return'>): void {
    const { argument, anchor, sequence } = point
    const names = returnCalls(this.#plan)
    const gap = this.#gap(argument.start)
    if (point.first) this.#behind(argument, names, gap, '', anchor)
    else this.#edits.wrap(argument, gap + this.#opened(names), ')'.repeat(names.length), anchor)
    if (sequence) this.#edits.wrap(argument, '(', ')')
  }

  #forAwait(point: PointOf<'for-await'>): void {
    const resume = this.#resume()
    // Braces: the loop may be the whole body of an `if`, which then has two statements.
    this.#edits.wrap(point.statement, '{ ', ` ${resume} }`)
    this.#passed(point.iterable, point.first, 'iterate', point.anchor)
    if (point.block) this.#edits.insert(point.body.start + 1, ` ${resume};`)
    else this.#edits.wrap(point.body, `{ ${resume}; `, ' }')
  }

  #using(point: PointOf<'using'>): void {
    const anchor = point.declarators.at(-1)?.anchor
    if (point.resumes) this.#edits.wrap(point, '', `${this.#terminator(point)} ${this.#resumer()}`, anchor)
    for (const declarator of point.declarators) this.#scope(declarator)
  }

  #resumer(): string {
    return `using ${this.#resource()} = ${this.#names.use('resumer')}(${this.#frame});`
  }

  #resource(): string {
    return this.#names.own(`u${this.#resources++}`)
  }

  #terminator(range: Range): string {
    return this.#code[range.end - 1] === ';' ? '' : ';'
  }

  // `await using r = open(), s = …` becomes `const r = …; await using $st_u0 = …; using $st_u1 = …; const s = …; …`.
  #awaitUsing(point: PointOf<'using'>): void {
    if (point.block && !this.#closed?.has(point.block.start)) this.#closeBlock(point.block)
    const { declarators } = point
    this.#edits.replace(point.start, (declarators[0] as Declarator).name.start, 'const ')
    for (const [i, declarator] of declarators.entries()) {
      const next = declarators[i + 1]
      if (next) this.#edits.replace(this.#comma(declarator.init.end), next.name.start, ' const ')
      const range = { start: declarator.name.start, end: next ? declarator.init.end : point.end }
      const disposer = `${next ? ';' : this.#terminator(point)} ${this.#disposer(declarator)}`
      this.#edits.wrap(range, '', disposer, declarator.anchor)
      this.#scope(declarator)
    }
  }

  #scope({ init, anchor, first, namesValue }: Declarator): void {
    if (!namesValue) this.#passed(init, first, 'scoped', anchor)
  }

  // Each is followed by a resumer: the disposal of the one behind it suspends.
  #disposer({ name }: Declarator): string {
    const resource = this.#code.slice(name.start, name.end)
    const disposer = `${this.#names.use('disposer')}(${this.#frame}, ${resource})`
    return `await using ${this.#resource()} = ${disposer}; ${this.#resumer()}`
  }

  #comma(from: number): number {
    return from + this.#code.slice(from).search(/,/)
  }

  #closed: Set<number> | undefined

  #closeBlock(block: Range): void {
    this.#closed ??= new Set()
    this.#closed.add(block.start)
    this.#edits.wrap(block, ' try {', ` } finally { ${this.#resume()} } `)
  }
}
