import { dirname, relative, resolve } from 'node:path'
import type TS from 'typescript'
import { emitFormat } from '../ast/emit-format.ts'
import type { TypeScript } from '../ast/typescript.ts'
import { type ContentCache, cacheKey, openCache } from '../cache.ts'
import { configure } from '../configuration/configure.ts'
import { diagnostic, formatDiagnostic } from '../diagnostics.ts'
import { type InstrumentOptions, type SelectOptions, validateOptions } from '../options.ts'
import type { Diagnostic, FilePlan } from '../plan.ts'
import { isCandidate, planFile } from '../planner.ts'
import { renderAst } from '../render-ast.ts'
import { watchGlobs } from './glob-watch.ts'
import { type IncrementalStamp, incrementalStamp, keepsStamp } from './incremental-stamp.ts'
import { HOST_KEYS } from './plugin-keys.ts'
import { explainType, misusedKey, withProgramError } from './plugin-misuse.ts'
import { locateOption, type Place } from './tsconfig-option.ts'

/** What ts-patch hands to a transformer, as far as it is used here. */
export interface TransformerExtras {
  readonly ts: TypeScript
  readonly addDiagnostic: (diagnostic: TS.Diagnostic) => number
}

/** A project as it is compiled: one program under one configuration. */
interface Project {
  readonly ts: TypeScript
  readonly program: TS.Program
  /** What paths and globs are relative to: the directory of the tsconfig, or of the configuration file that there is. */
  readonly root: string
  readonly options: SelectOptions
  /** Of an incremental build. */
  readonly stamp: IncrementalStamp | undefined
  readonly cache: ContentCache | undefined
}

/**
 * The transformer for ts-patch: `"plugins": [{ "transform": "span-tree/transformer", "include": ["src/**"] }]`.
 * What is wrong with the configuration is an error of the build; everything else that there is to say goes to stderr,
 * since TypeScript takes a warning for a failure of the build, too.
 */
export default function spanTree(
  program: TS.Program,
  config: unknown,
  extras: TransformerExtras,
  programExtras?: Pick<TransformerExtras, 'ts'>,
): TS.TransformerFactory<TS.SourceFile> {
  explainType(program)
  // With `transformProgram` the arguments are others, and the result is a program.
  if (programExtras) return refuseProgram(program, programExtras.ts) as never
  const project = prepare(program, config, extras)
  if (!project) return () => sourceFile => sourceFile
  return context => sourceFile =>
    project.ts.isSourceFile(sourceFile) ? transform(project, context, sourceFile) : sourceFile
}

function refuseProgram(program: TS.Program, ts: TypeScript): TS.Program {
  return withProgramError(program, misuse({ ts, program }, 'transformProgram'))
}

function misuse(project: Pick<Project, 'ts' | 'program'>, key: string): TS.Diagnostic {
  return toTypeScript(project, key, diagnostic('SPT3002', { key }, 'tsconfig.json'))
}

// A program is emitted file by file in watch mode and incremental builds, each time with a new transformer: what
// concerns the project as a whole is said once.
const configurations = new WeakMap<TS.Program, string>()

/**
 * Undefined where nothing is to be done: for a second entry of this plugin, since what the first has instrumented must
 * not be instrumented again, and for one that is called too late.
 */
function prepare(program: TS.Program, config: unknown, extras: TransformerExtras): Project | undefined {
  const { ts } = extras
  const configFile = program.getCompilerOptions()['configFilePath'] as string | undefined
  const where = configFile ?? 'tsconfig.json'
  const { options: inline, problems } = readOptions(config, where)
  const configured = configure(inline, configFile ? dirname(configFile) : process.cwd())
  const { root, options } = configured
  const place = placeAmong(program, JSON.stringify(config))
  const late = misusedKey(program.getCompilerOptions())
  if (late !== undefined) {
    if (place === 'first') extras.addDiagnostic(misuse({ ts, program }, late))
    return undefined
  }
  const stamp = stampFor(ts, program, options)
  const project = { ts, program, root, options, stamp, cache: openCache(root, process.env) }
  if (place === 'first') {
    for (const { key, problem } of problems) extras.addDiagnostic(toTypeScript(project, key, problem))
    for (const problem of configured.diagnostics) extras.addDiagnostic(ofConfigurationFile(ts, problem))
    warnAboutPatterns(project, where, configured.includedBy)
  }
  if (place === 'later') extras.addDiagnostic(toTypeScript(project, 'transform', diagnostic('SPT2006', {}, where)))
  return place === 'later' ? undefined : project
}

function placeAmong(program: TS.Program, config: string): 'first' | 'again' | 'later' {
  const known = configurations.get(program)
  if (known === undefined) configurations.set(program, config)
  if (known === undefined) return 'first'
  return known === config ? 'again' : 'later'
}

interface Problem {
  readonly key: string
  readonly problem: Diagnostic
}

// One key at a time, so that what is wrong has its place in the tsconfig.
function readOptions(config: unknown, where: string): { options: SelectOptions; problems: readonly Problem[] } {
  const results = Object.entries(config ?? {}).map(([key, value]) => {
    const { options, diagnostics } = validateOptions({ [key]: value }, where, HOST_KEYS)
    return { options, problems: diagnostics.map(problem => ({ key, problem })) }
  })
  return {
    options: Object.assign({}, ...results.map(result => result.options)) as SelectOptions,
    problems: results.flatMap(result => result.problems),
  }
}

function toTypeScript(
  { ts, program }: Pick<Project, 'ts' | 'program'>,
  key: string,
  { code, message }: Diagnostic,
): TS.Diagnostic {
  const place = locateOption(ts, program.getCompilerOptions(), key)
  return {
    category: ts.DiagnosticCategory.Error,
    // TypeScript prints `TS` in front of it; its own codes have at most five digits.
    code: 900_000 + Number(code.slice(3)),
    source: 'span-tree',
    messageText: `span-tree: ${message}`,
    file: place?.file,
    start: place?.start,
    length: place?.length,
  }
}

function ofConfigurationFile(ts: TypeScript, problem: Diagnostic): TS.Diagnostic {
  const place = { file: undefined, start: undefined, length: undefined }
  const category = ts.DiagnosticCategory[problem.severity === 'error' ? 'Error' : 'Warning']
  const messageText = `span-tree: ${formatDiagnostic(problem)}`
  return { category, code: 900_000 + Number(problem.code.slice(3)), source: 'span-tree', messageText, ...place }
}

/** `shared` is the configuration file, where the patterns come from there. */
function warnAboutPatterns({ ts, program, options, root }: Project, where: string, shared: string | undefined): void {
  const watch = watchGlobs(options.include ?? [], root, shared !== undefined)
  for (const file of program.getSourceFiles()) if (isEmitted(program, file)) watch.saw(file.fileName)
  for (const { pattern, ...problem } of watch.unmatched(shared ?? where)) {
    const place = locateOption(ts, program.getCompilerOptions(), 'include', pattern)
    print({ ...problem, ...(place && positionOf(place)) }, root)
  }
}

function positionOf({ file, start }: Place): { line: number; column: number } {
  const { line, character } = file.getLineAndCharacterOfPosition(start)
  return { line: line + 1, column: character + 1 }
}

function isEmitted(program: TS.Program, file: TS.SourceFile): boolean {
  return !file.isDeclarationFile && !program.isSourceFileFromExternalLibrary(file)
}

// Two equal entries of the plugin in one tsconfig: the second must not instrument again.
const produced = new WeakSet<TS.Node>()

function isProduced(node: TS.Node): boolean {
  for (let each: TS.Node | undefined = node; each; each = (each as { original?: TS.Node }).original) {
    if (produced.has(each)) return true
  }
  return false
}

function hasFunctions(sourceFile: TS.SourceFile): boolean {
  return !sourceFile.isDeclarationFile && !sourceFile.fileName.endsWith('.json')
}

const stamps = new WeakMap<TS.Program, IncrementalStamp>()

/** What TypeScript knows and does not declare in its types. */
interface Internals {
  getTsBuildInfoEmitOutputFilePath?(options: TS.CompilerOptions): string | undefined
}

/** Undefined where a build begins anew each time. */
function stampFor(ts: TypeScript, program: TS.Program, options: SelectOptions): IncrementalStamp | undefined {
  const known = stamps.get(program)
  const compilerOptions = program.getCompilerOptions()
  if (known || !keepsStamp(compilerOptions)) return known
  const buildInfo = (ts as Internals).getTsBuildInfoEmitOutputFilePath?.(compilerOptions)
  if (buildInfo === undefined) return undefined
  const files = program.getSourceFiles().filter(file => isEmitted(program, file) && hasFunctions(file))
  const names = files.map(file => file.fileName)
  const stamp = incrementalStamp(buildInfo, options, names)
  stamps.set(program, stamp)
  process.once('exit', () => {
    if (stamp.isOutdated()) print(diagnostic('SPT3003', { buildInfo: shownPath(buildInfo) }, buildInfo), '')
  })
  return stamp
}

function transform(project: Project, context: TS.TransformationContext, sourceFile: TS.SourceFile): TS.SourceFile {
  const { ts, root, options } = project
  if (!hasFunctions(sourceFile) || isProduced(sourceFile)) return sourceFile
  project.stamp?.emitted(sourceFile.fileName)
  const compilerOptions = context.getCompilerOptions()
  const original = ts.getOriginalNode(sourceFile) as TS.SourceFile
  const format = emitFormat(ts, original, compilerOptions)
  const plan = rememberedPlan(project.cache, original.text.replace(/^\uFEFF/, ''), {
    ...options,
    filename: original.fileName,
    root,
    format,
    strict: compilerOptions.alwaysStrict ?? compilerOptions.strict ?? true,
    fastParse: true,
  })
  const { sourceFile: rendered, missed } = renderAst(ts, context, sourceFile, plan)
  if (rendered !== sourceFile) produced.add(rendered)
  for (const each of plan.diagnostics) print(each, root)
  for (const { site } of missed) print(diagnostic('SPT1004', { name: site.name }, site.file, site), root)
  return rendered
}

/** A plan that an earlier build has made of the same text under the same options, with nothing parsed. */
function rememberedPlan(cache: ContentCache | undefined, text: string, options: InstrumentOptions): FilePlan {
  // What a predicate says depends on more than its text.
  if (!cache || options.predicate || !isCandidate(text, options)) return planFile(text, options)
  return cache.remembered(cacheKey('plan', text, options), () => planFile(text, options))
}

/** One line on stderr, with the path as the compiler's own messages have it: relative to the current directory. */
function print(each: Diagnostic, root: string): void {
  process.stderr.write(`${formatDiagnostic({ ...each, file: shownPath(resolve(root, each.file)) })}\n`)
}

function shownPath(path: string): string {
  return relative(process.cwd(), path) || path
}
