import { Command } from 'commander'
import kleur from 'kleur'
import { ownPackage } from '../transformer/adapters/own-package.ts'
import { instrumentCommand } from './commands/instrument.ts'
import { planCommand } from './commands/plan.ts'
import { runCommand } from './commands/run.ts'
import { tscCommand } from './commands/tsc.ts'

const EXAMPLES = `
Examples:
  span-tree run -- node src/app.ts          run a program and see its calls as a tree
  span-tree run --help                      what can be traced, and how to choose`

/** Carries out the command line (`argv` with Node and script first). The process's exit code is set when it resolves. */
export async function runProgram(argv: readonly string[]): Promise<void> {
  const program = createProgram()
  if (argv.length <= 2) {
    program.outputHelp()
    return
  }
  await program.parseAsync([...argv])
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
  for (const command of [runCommand(), tscCommand(), instrumentCommand(), planCommand()]) program.addCommand(command.copyInheritedSettings(program))
  return program
}
