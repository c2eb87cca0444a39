import { executableOf, type NativeApi, startApi } from '../../transformer/adapters/typescript-7/api.ts'
import type { Emitted } from '../../transformer/adapters/typescript-7/instrumented-program.ts'
import type { NativeProject } from '../../transformer/adapters/typescript-7/project.ts'
import { execute } from '../execute.ts'
import { diagnosticsOf, NativeCompilation, wrongOptions } from './native-compilation.ts'
import { emitsJavaScript, readProjects, withoutJavaScript } from './native-projects.ts'
import { readTscArguments, type TscArguments } from './tsc-arguments.ts'
import { watchOutput } from './watch-output.ts'

/** Exit codes of `tsc`: errors, and nothing was emitted; errors, and it was. */
const NOTHING_EMITTED = 1
const EMITTED_WITH_ERRORS = 2

/**
 * `tsc` of TypeScript 7.1 with instrumented JavaScript. The compiler itself runs with the arguments that were given,
 * but writes no JavaScript: what it says, its exit code, declarations and build information are its own, of the sources
 * as they are. The JavaScript comes from its API.
 * Nothing is remembered from one run to the next: what is written is compared with what is there, so that a change of
 * the plugin's options, or of this package, is never missed. Resolves to the exit code.
 */
export async function nativeTsc(all: readonly string[], compiler: string, cwd: string): Promise<number> {
  const executable = await executableOf(compiler)
  const api = await startApi(compiler, cwd)
  try {
    const args = readTscArguments(api, all, cwd)
    const projects = args.isElsewhere ? [] : readProjects(api, args, cwd)
    if (!projects.some(emitsJavaScript)) return await run(executable, all)
    const lists = args.commandLine.options['listEmittedFiles'] === true
    const compilation = new NativeCompilation(api, cwd, lists)
    const context = { executable, api, args, cwd, compilation, projects }
    if (args.isWatch) return await watch(context)
    return await (args.isBuild ? build(context) : compile(context))
  } finally {
    api.close()
  }
}

interface Context {
  readonly executable: string
  readonly api: NativeApi
  readonly args: TscArguments
  readonly cwd: string
  readonly compilation: NativeCompilation
  readonly projects: readonly NativeProject[]
}

/** One project. The compiler checks it while its JavaScript is made. */
async function compile({ executable, args, compilation, projects }: Context): Promise<number> {
  const [project] = projects as readonly [NativeProject]
  const program = compilation.program(project)
  if (!program) return refuse(await run(executable, args.all), compilation, project)
  const checked = run(executable, restricted(args, projects))
  const emitted: Emitted = program.emit()
  const status = await checked
  program.dispose()
  const isBlocked = status !== 0 && project.options['noEmitOnError'] === true
  if (!isBlocked) compilation.write(emitted)
  const found = diagnosticsOf(project, emitted)
  compilation.report(found)
  if (isBlocked) return NOTHING_EMITTED
  return status || (project.diagnostics.some(each => each.severity === 'error') ? EMITTED_WITH_ERRORS : 0)
}

function refuse(status: number, compilation: NativeCompilation, project: NativeProject): number {
  compilation.report([wrongOptions(project)])
  return status || EMITTED_WITH_ERRORS
}

/** Projects that refer to one another: JavaScript is made when the declarations that it depends on are there. */
async function build({ executable, args, compilation, projects }: Context): Promise<number> {
  const status = await run(executable, restricted(args, projects))
  const isWrong = compilation.round(projects.filter(emitsJavaScript))
  return status || (isWrong ? EMITTED_WITH_ERRORS : 0)
}

/**
 * The compiler watches; whenever it has said something, the JavaScript is made again. (What it says is in the user's
 * language, and a round too many changes nothing.)
 */
async function watch({ executable, api, args, cwd, compilation, projects }: Context): Promise<number> {
  const pretty = process.stdout.isTTY && args.commandLine.options['pretty'] === undefined ? ['--pretty'] : []
  return watchOutput(executable, [...restricted(args, projects), ...pretty], () => {
    compilation.round(readProjects(api, args, cwd).filter(emitsJavaScript))
  })
}

function restricted(args: TscArguments, projects: readonly NativeProject[]): readonly string[] {
  const option = withoutJavaScript(projects, args.isBuild)
  return option === undefined ? args.all : [...args.all, option]
}

function run(executable: string, parameters: readonly string[]): Promise<number> {
  return execute({ command: executable, parameters, environment: process.env })
}
