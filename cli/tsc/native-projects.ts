import { existsSync } from 'node:fs'
import type { NativeApi } from '../../transformer/adapters/typescript-7/api.ts'
import {
  configFile,
  looseFiles,
  type NativeProject,
  readProject,
} from '../../transformer/adapters/typescript-7/project.ts'
import type { TscArguments } from './tsc-arguments.ts'

/** The projects that a command line compiles; of a build, those referenced come first. */
export function readProjects(api: NativeApi, args: TscArguments, cwd: string): readonly NativeProject[] {
  if (args.configs.length === 0) return args.commandLine.fileNames.length > 0 ? [looseFiles(args.commandLine, cwd)] : []
  const found = new Map<string, NativeProject>()
  for (const config of args.configs) collect(api, args, config, found, new Set())
  return [...found.values()]
}

function collect(
  api: NativeApi,
  args: TscArguments,
  config: string,
  found: Map<string, NativeProject>,
  path: ReadonlySet<string>,
): void {
  // What does not exist, and circles, the compiler complains of.
  if (found.has(config) || path.has(config) || !existsSync(config)) return
  const project = readProject(api, config, args.commandLine)
  const references = args.isBuild ? project.references : []
  for (const reference of references) {
    collect(api, args, configFile(reference.path), found, new Set([...path, config]))
  }
  found.set(config, project)
}

/** Whether JavaScript comes of the project: it has files of its own, and its options do not say otherwise. */
export function emitsJavaScript({ rootFiles, options }: NativeProject): boolean {
  return rootFiles.length > 0 && options['noEmit'] !== true && options['emitDeclarationOnly'] !== true
}

/**
 * The option that keeps the compiler itself from writing JavaScript, which is written here in its place. Undefined
 * where no one option does that for each project of a build: then its JavaScript is replaced.
 */
export function withoutJavaScript(projects: readonly NativeProject[], isBuild: boolean): string | undefined {
  const withFiles = projects.filter(({ rootFiles }) => rootFiles.length > 0)
  if (withFiles.every(declares)) return '--emitDeclarationOnly'
  return isBuild ? undefined : '--noEmit'
}

function declares({ options }: NativeProject): boolean {
  return options['noEmit'] !== true && (options['composite'] === true || options['declaration'] === true)
}
