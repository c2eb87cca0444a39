import { Argument, Command } from 'commander'
import { SHELLS, type Shell } from '../completion/shells.ts'

const HELP = `
Examples:
  source <(span-tree completion bash)                            in ~/.bashrc
  source <(span-tree completion zsh)                             in ~/.zshrc, behind compinit
  span-tree completion fish > ~/.config/fish/completions/span-tree.fish`

/** `span-tree completion`: a script that makes a shell complete these commands. */
export function completionCommand(): Command {
  return new Command('completion')
    .description('print a script with which bash, zsh or fish complete commands and options')
    .addArgument(new Argument('<shell>').choices(SHELLS))
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', HELP)
    .action(async (shell: Shell, _flags: object, self: Command) => {
      const [{ completionScript }, { commandsOf }] = await Promise.all([
        import('../completion/shells.ts'),
        import('../completion/commands-of.ts'),
      ])
      process.stdout.write(completionScript(shell, commandsOf(self.parent as Command)))
    })
}
