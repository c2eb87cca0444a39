import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { projectRoot, withProgramFiles } from '../../transformer/adapters/program-files.ts'
import { ownEntry, type TypeScriptProject, typeScriptProject } from '../../transformer/adapters/typescript-project.ts'
import { configure } from '../../transformer/configuration/configure.ts'
import { type SelectOptions, validateOptions } from '../../transformer/options.ts'
import type { Diagnostic } from '../../transformer/plan.ts'
import { parseJsonc } from '../jsonc.ts'

/** What is to be planned, and by what it is decided. */
export interface ProjectToPlan {
  /** Absolute: what paths are relative to. */
  readonly root: string
  readonly options: SelectOptions
  /** Where the choice comes from, for people. */
  readonly from: readonly string[]
  /** Absolute paths of what a tsconfig compiles; undefined where the files are to be looked for. */
  readonly files: readonly string[] | undefined
  /** A directory that a compiler writes; absolute. */
  readonly outDir: string | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Finds out what the real ways in would do from `directory`: where a tsconfig (`config`, or the nearest) lists the plugin,
 * as `tspc` does; else as `span-tree run`, Vite and the others, which without `include` take all of the program's own code.
 * `flags` is what the command line says.
 */
export function projectToPlan(directory: string, config: string | undefined, flags: SelectOptions): ProjectToPlan {
  const path = config === undefined ? nearestConfig(directory) : resolve(config)
  const project = path === undefined ? undefined : (typeScriptProject(path) ?? withoutCompiler(path))
  if (path !== undefined && project?.entry) return compiledProject(path, project, project.entry, flags)
  const { root, file, options, diagnostics } = configure(flags, projectRoot(directory))
  return {
    ...{ root, diagnostics, files: undefined, outDir: project?.outDir },
    options: withProgramFiles(options),
    from: [...named(file, root), ...(options.include ? [] : ["all of the program's own code"])],
  }
}

function compiledProject(
  path: string,
  { files, outDir }: TypeScriptProject,
  entry: Readonly<Record<string, unknown>>,
  flags: SelectOptions,
): ProjectToPlan {
  const where = relative(process.cwd(), path) || path
  const { options: inline, diagnostics: wrong } = validateOptions(entry, where)
  const { root, file, options, diagnostics } = configure({ ...inline, ...flags }, dirname(path))
  return {
    ...{ root, options, outDir },
    files: files.length > 0 ? files : undefined,
    from: [...named(path, root), ...named(file, root), ...(options.include ? [] : ['annotated functions only'])],
    diagnostics: [...wrong, ...diagnostics],
  }
}

function named(file: string | undefined, root: string): string[] {
  return file === undefined ? [] : [relative(root, file).replaceAll('\\', '/')]
}

function nearestConfig(directory: string): string | undefined {
  const last = projectRoot(directory)
  for (let at = resolve(directory); ; at = dirname(at)) {
    const path = join(at, 'tsconfig.json')
    if (existsSync(path)) return path
    if (at === last || at === dirname(at)) return undefined
  }
}

/** What the file itself says, not what it extends. */
function withoutCompiler(path: string): TypeScriptProject {
  const raw = parseJsonc(readFileSync(path, 'utf8'))?.value as { compilerOptions?: Record<string, unknown> } | undefined
  const { plugins, outDir } = raw?.compilerOptions ?? {}
  return {
    entry: ownEntry(plugins),
    files: [],
    outDir: typeof outDir === 'string' ? resolve(dirname(path), outDir) : undefined,
  }
}
