import { existsSync, readFileSync } from 'node:fs'
import { reportDiagnostics } from '../../transformer/adapters/report.ts'
import { matchesFile } from '../../transformer/match.ts'
import type { SelectOptions } from '../../transformer/options.ts'
import { unifiedDiff } from '../unified-diff.ts'
import { planDiff } from './plan-diff.ts'
import { comparable, planJson } from './plan-json.ts'
import { planTable } from './plan-table.ts'
import { type ProjectToPlan, projectToPlan } from './project.ts'
import { sourceFiles } from './source-files.ts'
import { type Survey, survey } from './survey.ts'

export interface PlanRequest {
  readonly form: 'table' | 'json' | 'diff'
  /** A kept plan to compare with. */
  readonly check?: string
  /** The tsconfig. */
  readonly project?: string
  /** Globs of the files to tell of; all when empty. */
  readonly globs: readonly string[]
  readonly select: SelectOptions
}

/** Columns where the output does not say how many it has, or says 0. */
const DEFAULT_WIDTH = 100

/** Prints what is instrumented and what is not. Returns the exit code. */
export function planProject(request: PlanRequest): number {
  const project = projectToPlan(process.cwd(), request.project, request.select)
  const files = filesOf(project, request.globs)
  if (request.form === 'diff' && request.check === undefined) return printDiffs(project, files)
  const found = survey(project, files)
  if (request.check !== undefined) return check(found, request.check)
  if (request.form === 'json') process.stdout.write(planJson(found))
  else {
    process.stdout.write(planTable(found, process.stdout.columns || DEFAULT_WIDTH))
    reportDiagnostics(found.diagnostics)
  }
  return 0
}

function filesOf({ files, root, options, outDir }: ProjectToPlan, globs: readonly string[]): readonly string[] {
  const all = files ?? sourceFiles(root, options.include ?? [], outDir)
  return globs.length === 0 ? all : all.filter(file => matchesFile(file, { include: globs, root }))
}

function printDiffs(project: ProjectToPlan, files: readonly string[]): number {
  reportDiagnostics(project.diagnostics)
  for (const file of files) process.stdout.write(planDiff(project, file))
  return 0
}

function check(found: Survey, path: string): number {
  const now = planJson(found)
  if (!existsSync(path)) {
    process.stderr.write(`span-tree: no such file: ${path}; make it with span-tree plan --json > ${path}\n`)
    return 1
  }
  const difference = unifiedDiff(
    { before: path, after: 'the plan as it is now' },
    comparable(readFileSync(path, 'utf8')),
    comparable(now),
  )
  if (difference === '') return 0
  process.stdout.write(difference)
  process.stderr.write(`span-tree: the plan has changed; if it is meant to: span-tree plan --json > ${path}\n`)
  return 1
}
