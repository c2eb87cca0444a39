import type { NativeApi, ParsedCommandLine } from '../../transformer/adapters/typescript-7/api.ts'
import { configFile, nearestConfig } from '../../transformer/adapters/typescript-7/project.ts'

/** What a command line of `tsc` asks for. */
export interface TscArguments {
  /** As they were written. */
  readonly all: readonly string[]
  readonly isBuild: boolean
  readonly isWatch: boolean
  /** Whether nothing is to be compiled (`--help`, `--init`, `--clean`) or the command line is wrong. */
  readonly isElsewhere: boolean
  /** Paths of the tsconfigs to begin with; none where files are given instead. */
  readonly configs: readonly string[]
  readonly commandLine: ParsedCommandLine
}

/** Of `--build` alone; `true` where a value follows. */
const BUILD_FLAGS: Readonly<Record<string, boolean>> = {
  ...{ '--verbose': false, '-v': false, '--dry': false, '-d': false, '--force': false, '-f': false },
  ...{ '--clean': false, '--stopbuildonerrors': false, '--builders': true },
}
const NOTHING_BUILT: readonly string[] = ['--dry', '-d', '--clean', '--help', '-h', '-?', '--all']
const NOTHING_COMPILED: readonly string[] = ['help', 'all', 'version', 'init', 'showConfig', 'listFilesOnly']

export function readTscArguments(api: NativeApi, all: readonly string[], cwd: string): TscArguments {
  return /^--?(b|build)$/i.test(all[0] ?? '') ? readBuild(api, all, cwd) : readCompilation(api, all, cwd)
}

function readBuild(api: NativeApi, all: readonly string[], cwd: string): TscArguments {
  const commandLine = api.parseCommandLine(withoutBuildFlags(all.slice(1)))
  const names = commandLine.fileNames.length > 0 ? commandLine.fileNames : [cwd]
  return {
    all,
    commandLine,
    isBuild: true,
    isWatch: commandLine.options['watch'] === true,
    isElsewhere: commandLine.errors.length > 0 || all.some(each => NOTHING_BUILT.includes(each.toLowerCase())),
    configs: names.map(configFile),
  }
}

function withoutBuildFlags(args: readonly string[]): readonly string[] {
  return args.filter((each, i) => {
    if (each.toLowerCase() in BUILD_FLAGS) return false
    const flag = args[i - 1]?.toLowerCase() ?? ''
    if (!(flag in BUILD_FLAGS)) return true
    return !BUILD_FLAGS[flag] && each !== 'true' && each !== 'false'
  })
}

function readCompilation(api: NativeApi, all: readonly string[], cwd: string): TscArguments {
  const commandLine = api.parseCommandLine(all)
  const { options, fileNames, errors } = commandLine
  const project = options['project'] as string | undefined
  const config = project === undefined ? nearestConfig(cwd) : configFile(project)
  return {
    all,
    commandLine,
    isBuild: false,
    isWatch: options['watch'] === true,
    isElsewhere: errors.length > 0 || NOTHING_COMPILED.some(key => options[key] === true),
    configs: fileNames.length > 0 || config === undefined ? [] : [config],
  }
}
