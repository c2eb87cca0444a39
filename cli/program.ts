import { Command } from 'commander'
import kleur from 'kleur'
import { ownPackage } from '../transformer/adapters/own-package.ts'
import { annotateCommand } from './commands/annotate.ts'
import { completionCommand } from './commands/completion.ts'
import { doctorCommand } from './commands/doctor.ts'
import { errorsCommand } from './commands/errors.ts'
import { exportCommand } from './commands/export.ts'
import { healthCommand } from './commands/health.ts'
import { importCommand } from './commands/import.ts'
import { initCommand } from './commands/init.ts'
import { instrumentCommand } from './commands/instrument.ts'
import { keysCommand } from './commands/keys.ts'
import { namespacesCommand } from './commands/namespaces.ts'
import { planCommand } from './commands/plan.ts'
import { runCommand } from './commands/run.ts'
import { searchCommand } from './commands/search.ts'
import { serveCommand } from './commands/serve.ts'
import { slowCommand } from './commands/slow.ts'
import { tailCommand } from './commands/tail.ts'
import { traceCommand } from './commands/trace.ts'
import { tracesCommand } from './commands/traces.ts'
import { tscCommand } from './commands/tsc.ts'
import { meansUi, uiCommand } from './commands/ui.ts'

const EXAMPLES = `
Examples:
  span-tree init                            set span-tree up in a project
  span-tree run -- node src/app.ts          run a program and see its calls as a tree
  span-tree                                 look at what was recorded, in the terminal
  span-tree traces --status FAIL            what failed, of all that was recorded
  span-tree plan                            list what is instrumented, what is not, and why
  span-tree run --help                      what can be traced, and how to choose`

/** Carries out the command line (`argv` with Node and script first). The process's exit code is set when it resolves. */
export async function runProgram(argv: readonly string[]): Promise<void> {
  const program = createProgram()
  const words = argv.slice(2)
  if (meansUi(words)) words.unshift('ui')
  if (words.length === 0) {
    program.outputHelp()
    return
  }
  // `span-tree plan | head`: nobody reads on, which is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))
  await program.parseAsync(words, { from: 'user' })
}

function createProgram(): Command {
  const program = new Command('span-tree')
    .description('Never read a log file again: every call that matters is a node in a tree.')
    .version(ownPackage().version, '-v, --version', 'print the version')
    .configureHelp({ styleTitle: title => kleur.bold(title), showGlobalOptions: false })
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print help for a command')
    .addHelpText('after', EXAMPLES)
    .showSuggestionAfterError()
    .showHelpAfterError('(span-tree --help says more)')
    .enablePositionalOptions()
  for (const command of [
    initCommand(),
    runCommand(),
    planCommand(),
    tscCommand(),
    instrumentCommand(),
    doctorCommand(),
    uiCommand(),
    serveCommand(),
    keysCommand(),
    tracesCommand(),
    traceCommand(),
    searchCommand(),
    errorsCommand(),
    annotateCommand(),
    slowCommand(),
    healthCommand(),
    tailCommand(),
    namespacesCommand(),
    exportCommand(),
    importCommand(),
    completionCommand(),
  ]) {
    program.addCommand(
      command.copyInheritedSettings(program).showHelpAfterError(`(span-tree ${command.name()} --help says more)`),
    )
  }
  return withUsageCode(program)
}

/** What cannot be understood ends with 2, as with other programs, so that scripts can tell it from what failed. */
function withUsageCode(command: Command): Command {
  command.exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  for (const each of command.commands) withUsageCode(each)
  return command
}
