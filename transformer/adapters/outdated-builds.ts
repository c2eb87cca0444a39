import { rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import type TS from 'typescript'
import { configure } from '../configuration/configure.ts'
import { type SelectOptions, validateOptions } from '../options.ts'
import { incrementalStamp, keepsStamp } from './incremental-stamp.ts'
import { HOST_KEYS, PLUGIN_NAME } from './plugin-keys.ts'

type TypeScript = typeof TS & {
  parseBuildCommand(args: readonly string[]): { readonly projects: readonly string[] }
  getTsBuildInfoEmitOutputFilePath(options: TS.CompilerOptions): string | undefined
}

/**
 * Removes the `.tsbuildinfo` of projects that were last built with other options of the plugin, so that they are built
 * as a whole: TypeScript 5 and 6 take no notice of such a change. `compiler` is the directory of the package
 * `typescript`. Returns the paths of what was removed.
 */
export function forgetOutdatedBuilds(compiler: string, args: readonly string[], cwd: string): readonly string[] {
  const ts = createRequire(`${compiler}/_`)(compiler) as TypeScript
  const outdated = [...configsOf(ts, args, cwd)].flatMap(([config, { options, fileNames }]) => {
    const select = selectOptions(options, config)
    const buildInfo = select && keepsStamp(options) ? ts.getTsBuildInfoEmitOutputFilePath(options) : undefined
    const isOutdated = select && buildInfo !== undefined && incrementalStamp(buildInfo, select, fileNames).isOutdated()
    return isOutdated ? [buildInfo] : []
  })
  for (const path of outdated) rmSync(path, { force: true })
  return outdated
}

/** Undefined for a project that does not list this plugin. */
function selectOptions({ plugins = [] }: TS.CompilerOptions, config: string): SelectOptions | undefined {
  const entries = plugins as readonly unknown[] as readonly { transform?: string }[]
  const entry = entries.find(each => each.transform === PLUGIN_NAME)
  return entry && configure(validateOptions(entry, config, HOST_KEYS).options, dirname(config)).options
}

/** The projects of a command line, by the paths of their tsconfigs; of a build, with those that they refer to. */
function configsOf(ts: TypeScript, args: readonly string[], cwd: string): Map<string, TS.ParsedCommandLine> {
  const found = new Map<string, TS.ParsedCommandLine>()
  const isBuild = /^--?(b|build)$/i.test(args[0] ?? '')
  const { options, fileNames } = ts.parseCommandLine(isBuild ? [] : args)
  const nearest = ts.findConfigFile(cwd, ts.sys.fileExists)
  const alone = fileNames.length > 0 ? [] : (options.project ?? nearest ?? [])
  const paths = isBuild ? ts.parseBuildCommand(args.slice(1)).projects : [alone].flat()
  for (const path of paths) collect(ts, path, options, isBuild, found)
  return found
}

function collect(
  ts: TypeScript,
  path: string,
  options: TS.CompilerOptions,
  isBuild: boolean,
  found: Map<string, TS.ParsedCommandLine>,
): void {
  const config = ts.resolveProjectReferencePath({ path: ts.sys.resolvePath(path) })
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: (): void => undefined }
  const parsed = found.has(config) ? undefined : ts.getParsedCommandLineOfConfigFile(config, options, host)
  if (!parsed) return
  found.set(config, parsed)
  for (const reference of isBuild ? (parsed.projectReferences ?? []) : []) {
    collect(ts, reference.path, options, isBuild, found)
  }
}
