import { statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { configure } from '../../configuration/configure.ts'
import { diagnostic } from '../../diagnostics.ts'
import { type SelectOptions, validateOptions } from '../../options.ts'
import type { Diagnostic } from '../../plan.ts'
import { HOST_KEYS } from '../plugin-keys.ts'
import { isBelow } from '../program-files.ts'
import type { NativeApi, NativeOptions, ParsedCommandLine, ProjectReference } from './api.ts'
import { locateInEntry, type PluginEntry, pluginEntries } from './plugin-entry.ts'

/** One project as the native compiler would compile it. */
export interface NativeProject {
  /** The path of its tsconfig; undefined where files are compiled without one. */
  readonly config: string | undefined
  /** What sites and globs are relative to. */
  readonly root: string
  readonly rootFiles: readonly string[]
  readonly options: NativeOptions
  readonly references: readonly ProjectReference[]
  readonly select: SelectOptions
  /** The tsconfig that the plugin's options stand in, else the project's own. */
  readonly optionsFile: string
  /** What is wrong with the plugin's options. */
  readonly diagnostics: readonly Diagnostic[]
}

/** The tsconfig of a path as `-p` and references give it: a file, or a directory that has one. */
export function configFile(path: string): string {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ? join(path, 'tsconfig.json') : path
}

/** The nearest tsconfig from a directory upwards, as `tsc` without `-p` takes it. */
export function nearestConfig(directory: string): string | undefined {
  for (let at = resolve(directory); ; at = dirname(at)) {
    const path = join(at, 'tsconfig.json')
    if (statSync(path, { throwIfNoEntry: false })?.isFile()) return path
    if (at === dirname(at)) return undefined
  }
}

/** A project with what the command line says in place of its own options. */
export function readProject(api: NativeApi, config: string, commandLine: ParsedCommandLine): NativeProject {
  const { fileNames, options, projectReferences } = api.parseConfigFile(config)
  return {
    config,
    rootFiles: withoutOutputs(fileNames, commandLine),
    options: overridden(options, commandLine),
    references: projectReferences ?? [],
    ...readPlugin(api, config),
  }
}

/** The API has read the tsconfig without the command line, whose `--outDir` counts among what is left out. */
function withoutOutputs(files: readonly string[], { options }: ParsedCommandLine): readonly string[] {
  const directories = ['outDir', 'declarationDir'].flatMap(key => (options[key] as string | undefined) ?? [])
  return files.filter(file => !directories.some(directory => isBelow(file, directory)))
}

/** Files given on the command line, without a tsconfig. */
export function looseFiles(commandLine: ParsedCommandLine, cwd: string): NativeProject {
  return {
    config: undefined,
    rootFiles: commandLine.fileNames,
    options: overridden({}, commandLine),
    references: [],
    ...readConfiguration(cwd),
  }
}

/** What concerns the command and not the program. */
const COMMAND_KEYS: ReadonlySet<string> = new Set([
  ...['project', 'watch', 'build', 'pretty', 'help', 'all', 'init', 'version', 'showConfig', 'listFiles'],
  ...['listFilesOnly', 'listEmittedFiles', 'ignoreConfig', 'locale', 'quiet'],
])

function overridden(options: NativeOptions, { options: own, raw }: ParsedCommandLine): NativeOptions {
  // `--outDir null` takes an option of the tsconfig away.
  const removed = Object.entries(raw ?? {}).flatMap(([key, value]) => (value === null ? [key] : []))
  const entries = Object.entries({ ...options, ...own })
  return Object.fromEntries(entries.filter(([key]) => !COMMAND_KEYS.has(key) && !removed.includes(key)))
}

type Configuration = Pick<NativeProject, 'root' | 'select' | 'optionsFile' | 'diagnostics'>

function readConfiguration(directory: string): Configuration {
  const { options, root, includedBy, diagnostics } = configure({}, directory)
  return { root, select: options, optionsFile: includedBy ?? 'tsc', diagnostics }
}

/** The plugin's entry, over the configuration file that there may be. */
function readPlugin(api: NativeApi, config: string): Configuration {
  const [entry, second] = pluginEntries(api, config)
  const checked = entry ? checkEntry(entry) : { options: {}, diagnostics: [] }
  const twice = second ? [diagnostic('SPT2006', {}, second.file, locateInEntry(second.file, 'transform'))] : []
  const { options, root, includedBy, diagnostics } = configure(checked.options, dirname(config))
  return {
    root,
    select: options,
    optionsFile: includedBy ?? entry?.file ?? config,
    diagnostics: [...checked.diagnostics, ...twice, ...diagnostics],
  }
}

function checkEntry({ file, value }: PluginEntry): ReturnType<typeof validateOptions> {
  return validateOptions(value, file, HOST_KEYS, path => locateInEntry(file, String(path[0])))
}
