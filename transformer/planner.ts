import type { Site } from '../model/index.ts'
import { type Annotation, almostTags, readAnnotations } from './annotations.ts'
import { parameterNames } from './bindings.ts'
import { type FileOptions, optionsFor, type ResolvedOptions } from './configuration/file-options.ts'
import { type DiagnosticCode, diagnostic } from './diagnostics.ts'
import { directiveOf } from './directives.ts'
import { endPosition } from './end-position.ts'
import { firstPosition } from './first-position.ts'
import { type Found, type FoundFunction, findFunctions } from './functions.ts'
import { hazardOf } from './hazards.ts'
import { isPackageFile, sitePath } from './match.ts'
import type { InstrumentOptions, Origin } from './options.ts'
import { type Comment, type FunctionNode, type Node, type Parsed, type Program, parse } from './parse.ts'
import type { DecoratorRange, Diagnostic, FilePlan, FunctionBody, FunctionPlan, Refusal } from './plan.ts'
import { pointsOf, shapeOf } from './points.ts'
import { type Position, positionsIn } from './positions.ts'
import { decide, isSilencedClass } from './select.ts'

const OFF = /^\s*span-tree:\s*off\s*$/

// Our table, as either renderer writes it, or a compiler or bundler has rewritten it.
const MARK = /\$st\d*_S[\w$]*\s*=\s*[\w$.(), ]*sites[\w$]*\)?\(/

/** Plans a file: which functions get a span, and where their pieces lie. Never throws for what the source is. */
export function planFile(code: string, options: InstrumentOptions): FilePlan {
  try {
    return readAndPlan(code, options)
  } catch (error) {
    // The stack's end: parser and planner recurse into what is nested.
    if (!(error instanceof RangeError)) throw error
    const file = sitePath(options.filename, options.root)
    return { ...emptyPlan(file, code, options), diagnostics: [diagnostic('SPT1005', {}, file)] }
  }
}

function readAndPlan(code: string, options: InstrumentOptions): FilePlan {
  const file = sitePath(options.filename, options.root)
  const nothing = emptyPlan(file, code, options)
  const wanted = wantedBy(code, options)
  if (!wanted || isInstrumented(code, options.abi)) return nothing
  const { fileOptions, mayBe } = wanted
  const parsed = parse(code, options.filename, options.format, options.fastParse)
  if ('message' in parsed) {
    const position = positionsIn(code)(parsed.offset)
    return { ...nothing, diagnostics: [diagnostic('SPT1001', { reason: parsed.message }, file, position)] }
  }
  try {
    if (code.includes('span-tree:') && parsed.comments().some(comment => OFF.test(comment.value))) return nothing
    return new Planner(code, options, parsed, nothing, fileOptions).plan(mayBe ? parsed.comments() : [])
  } finally {
    parsed.release()
  }
}

/** Whether there can be anything to do in a file, as far as that is known without parsing it. */
export function isCandidate(code: string, options: InstrumentOptions): boolean {
  return wantedBy(code, options) !== undefined
}

/** `mayBe`: annotated. */
function wantedBy(code: string, options: InstrumentOptions): { fileOptions: FileOptions; mayBe: boolean } | undefined {
  const fileOptions = optionsFor(options.filename, options)
  const mayBe = mayBeAnnotated(code)
  const annotated = mayBe && !isPackageFile(options.filename, options.root)
  // What a compiled file was made of is known function by function.
  const isWanted = fileOptions.selected || annotated || options.origin !== undefined
  return isWanted ? { fileOptions, mayBe } : undefined
}

function mayBeAnnotated(code: string): boolean {
  if (code.includes('@span') || code.includes('@noSpan')) return true
  return code.includes('span-tree') && /['"]span-tree(\/decorators)?['"]/.test(code)
}

/** Whether a file has been instrumented before: doing it again changes nothing. */
export function isInstrumented(code: string, abi = 'span-tree/abi'): boolean {
  return code.includes('$st') && (MARK.test(code) || code.includes(`'${abi}'`) || code.includes(`"${abi}"`))
}

function emptyPlan(file: string, code: string, options: InstrumentOptions): FilePlan {
  return {
    kind: 'file',
    file,
    format: options.format ?? 'module',
    functions: [],
    refused: [],
    skipped: [],
    excluded: [],
    decorators: [],
    diagnostics: [],
    prefix: freePrefix(code),
    prologueAt: 0,
  }
}

function freePrefix(code: string): string {
  const text = code.includes('\\u') ? unescaped(code) : code
  for (let n = 0; ; n++) {
    const prefix = n === 0 ? '$st_' : `$st${n}_`
    if (!text.includes(prefix)) return prefix
  }
}

// A name may be written with escapes.
function unescaped(code: string): string {
  const decode = (_: string, braced?: string, four?: string): string => {
    const point = Number.parseInt((braced ?? four) as string, 16)
    return point <= 0x10ffff ? String.fromCodePoint(point) : ''
  }
  return code.replace(/\\u(?:\{([\da-f]+)\}|([\da-f]{4}))/gi, decode)
}

class Planner {
  readonly #code: string
  readonly #options: InstrumentOptions
  readonly #parsed: Parsed
  readonly #base: FilePlan
  readonly #fileOptions: FileOptions
  /** Options of the files that this one was made of. */
  readonly #originOptions = new Map<string, FileOptions>()
  readonly #hasUsing: boolean
  #declared: ReadonlySet<string> = new Set()
  readonly #position: (offset: number) => Position
  readonly #functions: FunctionPlan[] = []
  readonly #refused: Refusal[] = []
  readonly #skipped: Refusal[] = []
  readonly #excluded: Refusal[] = []
  readonly #decorators: DecoratorRange[] = []
  readonly #diagnostics: Diagnostic[] = []
  readonly #ordinals = new Map<string, number>()

  constructor(code: string, options: InstrumentOptions, parsed: Parsed, base: FilePlan, fileOptions: FileOptions) {
    this.#code = code
    this.#options = options
    this.#parsed = parsed
    this.#base = base
    this.#fileOptions = fileOptions
    this.#hasUsing = code.includes('using')
    this.#position = positionsIn(code)
  }

  /** `comments`: where there may be annotations in them. */
  plan(comments: readonly Comment[]): FilePlan {
    const { program, format } = this.#parsed
    const annotations = readAnnotations(program, comments, this.#code)
    const strict = this.#options.strict ?? format === 'module'
    const originalAt = this.#options.origin && ((offset: number) => this.#origin(offset)?.text)
    const found = findFunctions(program, this.#code, annotations, strict, originalAt)
    this.#declared = found.declared
    for (const one of found.functions) this.#decide(one)
    this.#classes(found)
    this.#unused(annotations.all, found)
    for (const { tag, start } of almostTags(comments)) this.#warn('SPT1003', { tag }, start)
    return {
      ...this.#base,
      file: this.#ownFile(),
      format,
      functions: this.#functions,
      refused: this.#refused.sort(bySource),
      skipped: this.#skipped,
      excluded: this.#excluded,
      decorators: this.#decorators.sort((a, b) => a.start - b.start),
      diagnostics: this.#diagnostics.sort(bySource),
      prologueAt: prologueAt(this.#parsed.program),
    }
  }

  #decide(found: FoundFunction): void {
    const place = this.#origin(found.at)
    const file = place ? sitePath(place.filename, this.#options.root) : this.#base.file
    // Functions that are not selected count as well: a site's id must not depend on the selection.
    const key = place ? `${file}#${found.name}` : found.name
    const ordinal = (this.#ordinals.get(key) ?? 0) + 1
    this.#ordinals.set(key, ordinal)
    if (this.#options.origin && !place) {
      this.#excluded.push(this.#refusal(found, 'excluded: made by a compiler, without a place in the source'))
      return
    }
    const decision = decide(found, this.#optionsAt(place))
    if (decision.kind === 'skip') this.#skipped.push(this.#refusal(found, decision.reason))
    if (decision.kind === 'refuse') this.#refused.push(this.#refusal(found, decision.reason))
    if (decision.kind === 'leave') this.#leave(found, decision.reason, decision.overruled)
    if (decision.kind === 'take')
      this.#take(found, decision.options, this.#site(found, decision.options, ordinal), decision.by)
  }

  #origin(offset: number): Origin | undefined {
    return this.#options.origin?.(this.#position(offset))
  }

  #optionsAt(origin: Origin | undefined): FileOptions {
    if (!origin) return this.#fileOptions
    const { filename } = origin
    const known = this.#originOptions.get(filename) ?? optionsFor(filename, this.#options)
    this.#originOptions.set(filename, known)
    return known
  }

  #leave(found: FoundFunction, excluded: string | undefined, overruled: Annotation | undefined): void {
    if (excluded) this.#excluded.push(this.#refusal(found, excluded))
    this.#remove(found.annotations.some(a => a.tag === '@noSpan') || overruled ? found.annotations : [])
    if (!overruled) return
    const reason = '@noSpan on the function or its class wins'
    this.#warn('SPT1002', { tag: overruled.tag, reason }, overruled.start)
  }

  #take(found: FoundFunction, options: ResolvedOptions, site: Site, by: 'annotation' | 'globs'): void {
    const declined = by === 'globs' && this.#declined(site, this.#fileOptions.predicate)
    if (declined) {
      this.#excluded.push(this.#refusal(found, declined))
      return
    }
    const { points, hazard } = pointsOf(found.node, this.#code, {
      declared: this.#declared,
      results: options.site.results,
      usings: this.#hasUsing,
    })
    const reason = hazardOf(found) ?? hazard
    if (reason) {
      const decorated = found.annotations.some(a => a.kind === 'decorator')
      const suffix = decorated ? ': its decorator wraps it at run time' : ''
      this.#refused.push(this.#refusal(found, reason + suffix))
      return
    }
    this.#remove(found.annotations)
    const head = headOf(found.node, this.#code)
    this.#functions.push({
      kind: 'function',
      index: this.#functions.length,
      site,
      shape: shapeOf(found.node),
      start: found.node.start,
      end: found.node.end,
      head,
      ...(isDerivedConstructor(found) && { tail: tailOf(found.node, this.#code) ?? head }),
      body: bodyOf(found.node, this.#code),
      points,
    })
  }

  /** Why the predicate leaves a function out. */
  #declined(site: Site, predicate: FileOptions['predicate']): string | undefined {
    try {
      return !predicate || predicate(site) ? undefined : 'excluded: the predicate says no'
    } catch (error) {
      const { file, line, column, name } = site
      const reason = error instanceof Error ? error.message : String(error)
      this.#diagnostics.push(diagnostic('SPT2009', { name, reason }, file, { line, column }))
      return 'excluded: the predicate threw'
    }
  }

  #site(found: FoundFunction, options: ResolvedOptions, ordinal: number): Site {
    const place = this.#place(found.at)
    return {
      id: `${place.file}#${found.name}${ordinal > 1 ? `~${ordinal}` : ''}`,
      name: found.name,
      functionKind: found.kind,
      ...place,
      parameters: options.captureArguments ? parameterNames(found.node) : [],
      options: options.site,
    }
  }

  #classes(found: Found): void {
    for (const one of found.classes) {
      const own = one.annotations.find(a => a.tag === '@span')
      if (isSilencedClass(one)) this.#remove(one.annotations)
      else if (own?.unreadable) {
        const reason = own.unreadable.replace('wraps it', 'wraps its methods')
        this.#refused.push({ name: one.name, ...this.#place(one.node.id?.start ?? one.node.start), reason })
      } else if (own && one.members === 0) {
        this.#warn('SPT1002', { tag: '@span', reason: `class ${one.name} has no method with a body` }, own.start)
        this.#remove(one.annotations)
      } else this.#remove(one.annotations)
    }
    for (const value of found.decoratedValues.values()) {
      if (!value.maybe) continue
      const reason = 'its value is no function literal: its decorator wraps what it is at run time'
      this.#refused.push({ name: value.name, ...this.#place(value.at), reason })
    }
  }

  #unused(all: readonly Annotation[], found: Found): void {
    for (const annotation of all) {
      if (annotation.used || found.decoratedValues.get(annotation.start)?.maybe) continue
      const bodiless = found.bodiless.get(annotation.target)
      const reason = bodiless ?? `what follows is no function${annotation.kind === 'tag' ? ' and no class' : ''}`
      this.#warn('SPT1002', { tag: annotation.tag, reason }, annotation.start)
    }
  }

  #remove(annotations: readonly Annotation[]): void {
    for (const { kind, start, end, first } of annotations) {
      if (kind === 'decorator') this.#decorators.push({ start, end, first })
    }
  }

  #refusal(found: FoundFunction, reason: string): Refusal {
    return { name: found.name, ...this.#place(found.at), reason }
  }

  #place(offset: number): { file: string } & Position {
    const origin = this.#origin(offset)
    if (!origin) return { file: this.#base.file, ...this.#position(offset) }
    const { filename, line, column } = origin
    return { file: sitePath(filename, this.#options.root), line, column }
  }

  /** The file that the sites are in, where that is one. */
  #ownFile(): string {
    const files = new Set(this.#functions.map(({ site }) => site.file))
    return files.size === 1 ? ([...files][0] as string) : this.#base.file
  }

  #warn(code: DiagnosticCode, values: Readonly<Record<string, string>>, offset: number): void {
    const { file, ...position } = this.#place(offset)
    this.#diagnostics.push(diagnostic(code, values, file, position))
  }
}

function bySource(a: Partial<Position>, b: Partial<Position>): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)
}

function headOf(node: FunctionNode, code: string): number {
  if (node.type === 'ArrowFunctionExpression') return node.start
  return code.indexOf('(', node.typeParameters?.end ?? node.id?.end ?? node.start)
}

function isDerivedConstructor({ kind, memberOf }: FoundFunction): boolean {
  return kind === 'constructor' && Boolean(memberOf?.node.superClass)
}

function tailOf({ body }: FunctionNode, code: string): number | undefined {
  return body.type === 'BlockStatement' ? endPosition(body.body, code) : undefined
}

function bodyOf(node: FunctionNode, code: string): FunctionBody {
  const { start, end } = node.body
  if (node.body.type !== 'BlockStatement') return { kind: 'expression', start, end, at: firstPosition(node.body, code) }
  const statements = node.body.body
  const first = statements.findIndex(statement => directiveOf(statement) === undefined)
  const last = statements[(first < 0 ? statements.length : first) - 1]
  if (!last) return { kind: 'block', insertAt: start + 1, start, end }
  const block = { kind: 'block', insertAt: last.end, start, end } as const
  return first > 0 && beginsWithClass(statements.slice(first)) ? { ...block, directive: last.start } : block
}

/** A class that is declared has no place of its own for what fails in `extends`. */
function beginsWithClass(statements: readonly Node[]): boolean {
  return statements.find(({ type }) => type !== 'FunctionDeclaration')?.type === 'ClassDeclaration'
}

/** Before the first statement, so that comments at the head (licences, pragmas, directives of tools) stay there. */
function prologueAt(program: Program): number {
  let at = 0
  for (const statement of program.body) {
    if (directiveOf(statement) === undefined) {
      if (at > 0) return at
      const decorators =
        'declaration' in statement ? decoratorStarts(statement.declaration) : decoratorStarts(statement)
      return Math.min(statement.start, ...decorators)
    }
    at = statement.end
  }
  return at
}

function decoratorStarts(node: unknown): number[] {
  const { decorators } = (node ?? {}) as { decorators?: readonly { start: number }[] }
  return decorators?.map(d => d.start) ?? []
}
