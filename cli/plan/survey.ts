import { isUtf8 } from 'node:buffer'
import { readFileSync } from 'node:fs'
import type { FunctionKind, SiteOptions } from '../../model/index.ts'
import { watchGlobs } from '../../transformer/adapters/glob-watch.ts'
import { moduleFormat } from '../../transformer/adapters/module-format.ts'
import { optionsFor } from '../../transformer/configuration/file-options.ts'
import { type Cost, type CostFacts, costFacts, estimateCosts } from '../../transformer/cost.ts'
import { diagnostic } from '../../transformer/diagnostics.ts'
import { matchesFile, sitePath } from '../../transformer/match.ts'
import type { Diagnostic, FilePlan, FunctionShape, Refusal } from '../../transformer/plan.ts'
import { planFile } from '../../transformer/planner.ts'
import type { ProjectToPlan } from './project.ts'

/** What becomes of a function. */
export type State = 'instrumented' | 'refused' | 'trivial' | 'excluded'

export interface SurveyedFunction {
  readonly state: State
  readonly name: string
  readonly file: string
  readonly line: number
  readonly column: number
  /** Why it is not instrumented. */
  readonly reason?: string
  readonly kind?: FunctionKind
  readonly shape?: FunctionShape
  readonly options?: SiteOptions
  readonly cost?: Cost
}

/** What is and is not instrumented in a project; everything sorted, paths relative to its root. */
export interface Survey {
  readonly from: readonly string[]
  readonly functions: readonly SurveyedFunction[]
  /** Files that no function was looked for in. */
  readonly files: readonly { readonly file: string; readonly reason: string }[]
  /** Files that were read. */
  readonly read: number
  readonly diagnostics: readonly Diagnostic[]
}

interface Planned {
  readonly plan: FilePlan
  readonly facts: readonly CostFacts[]
}

/** Plans all files (absolute paths) of a project. */
export function survey(project: ProjectToPlan, files: readonly string[]): Survey {
  const left = files.flatMap(file => leftOut(project, file))
  const names = new Set(left.map(({ file }) => file))
  const chosen = files.filter(file => !names.has(sitePath(file, project.root)))
  const planned = chosen.map(file => planOne(project, file))
  const costs = estimateCosts(planned.flatMap(({ facts }) => facts))
  const functions = planned.flatMap(({ plan }) => surveyed(plan, costs))
  const diagnostics = planned.flatMap(({ plan }) => plan.diagnostics)
  return {
    from: project.from,
    functions: functions.sort(byPlace),
    files: left.sort((a, b) => compare(a.file, b.file)),
    read: chosen.length,
    diagnostics: [...project.diagnostics, ...unmatched(project, files), ...diagnostics],
  }
}

function unmatched({ options, root, from }: ProjectToPlan, files: readonly string[]): readonly Diagnostic[] {
  const watch = watchGlobs(options.include ?? [], root)
  for (const file of files) watch.saw(file)
  return watch
    .unmatched(from[0] ?? '')
    .map(({ pattern }) => diagnostic('SPT2003', { pattern, root: 'its directory' }, from[0] ?? ''))
}

/** Without globs, annotations decide, and no file is left out. */
function leftOut({ options, root }: ProjectToPlan, path: string): { file: string; reason: string }[] {
  if (!options.include?.length || optionsFor(path, { ...options, root }).selected) return []
  const by = options.exclude?.find(pattern => matchesFile(path, { include: [pattern], root }))
  const reason = by === undefined ? 'no pattern of include matches' : `excluded by '${by}'`
  return hasAnnotation(path) ? [] : [{ file: sitePath(path, root), reason }]
}

function hasAnnotation(path: string): boolean {
  return /@span\b/.test(readFileSync(path, 'utf8'))
}

function planOne({ options, root }: ProjectToPlan, filename: string): Planned {
  const bytes = readFileSync(filename)
  const code = bytes.toString('utf8').replace(/^\uFEFF/, '')
  const format = moduleFormat(filename, code)
  const plan = planFile(code, { ...options, filename, root, format, fastParse: true })
  if (isUtf8(bytes)) return { plan, facts: costFacts(code, filename, plan) }
  return { plan: { ...plan, functions: [], diagnostics: [diagnostic('SPT1006', {}, plan.file)] }, facts: [] }
}

function surveyed(plan: FilePlan, costs: ReturnType<typeof estimateCosts>): SurveyedFunction[] {
  const taken = plan.functions.map(({ site, shape }): SurveyedFunction => {
    const { name, file, line, column, functionKind: kind, options } = site
    const cost = costs.get(site)
    return { state: 'instrumented', name, file, line, column, kind, shape, options, ...(cost && { cost }) }
  })
  const not = (state: State, refusals: readonly Refusal[]): SurveyedFunction[] =>
    refusals.map(refusal => ({ state, ...refusal }))
  return [...taken, ...not('refused', plan.refused), ...not('trivial', plan.skipped), ...not('excluded', plan.excluded)]
}

// Not by the rules of a language: the order must be the same everywhere.
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function byPlace(a: SurveyedFunction, b: SurveyedFunction): number {
  return compare(a.file, b.file) || a.line - b.line || a.column - b.column
}
