import { Command, Option } from 'commander'
import { execute } from '../execute.ts'
import { type Invocation, instrumented } from '../instrumented-command.ts'
import { type SelectFlags, withSelectOptions } from '../select-options.ts'

interface RunOptions extends SelectFlags {
  readonly format?: 'terminal' | 'json'
}

const HELP = `
The command may be:
  node …                  that process is traced, with its worker threads and the processes that it forks
  a source file           short for node <file>
  npx, npm, tsx, sh, …    every Node process below it is traced (through NODE_OPTIONS)

Without --include and a configuration, all code of the project (the nearest package.json) is traced, but not node_modules.
Globs are relative to the project; quote them, or the shell expands them.
The tree goes to stderr; JSON does too, but in a container, whose logs are read from stdout.

Examples:
  span-tree run -- node src/app.ts --port 3000
  span-tree run src/app.ts
  span-tree run --include 'src/orders/**' --exclude '**/*.test.ts' -- node src/app.ts
  span-tree run --functions 'OrderService.*' --functions '!*.toJSON' -- node src/app.ts
  span-tree run --min-duration 5ms -- npm start
  span-tree run --format json -- node src/app.ts 2> traces.jsonl`

/** `span-tree run`: any Node program, its own code instrumented. */
export function runCommand(): Command {
  const command = new Command('run')
    .description('run a Node program with its own code instrumented, and print the tree')
    .usage('[options] -- <command> [arguments…]')
    .argument('[command]', 'what to run: node …, npx …, npm …, or a source file')
    .argument('[arguments...]', 'passed to it as they are')
  return withSelectOptions(command, 'trace')
    .addOption(new Option('--format <format>', 'how traces are printed').choices(['terminal', 'json']))
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', HELP)
    .passThroughOptions()
    .action(async (name: string | undefined, parameters: string[], options: RunOptions, self: Command) => {
      if (name === undefined)
        self.error('error: missing command: write it behind --, as in span-tree run -- node src/app.ts')
      process.exitCode = await run([name, ...parameters], options)
    })
}

async function run(command: readonly [string, ...string[]], options: RunOptions): Promise<number> {
  const invocation: Invocation = instrumented(command, process.env)
  const { format, ...select } = options
  const environment = {
    ...invocation.environment,
    SPAN_TREE: format ?? process.env.SPAN_TREE ?? 'terminal',
    SPAN_TREE_OPTIONS: JSON.stringify(select),
  }
  return execute({ ...invocation, environment })
}
