import { createInterface } from 'node:readline/promises'
import { Command } from 'commander'

const HELP = `
Looks at package.json, tsconfig.json and the configuration of Vite, vitest, Rollup, Rolldown, webpack, Rspack, jest and
Next, and shows the change that it proposes as a diff. Nothing is changed unless you say so; comments stay. It can be run
again: what is set up already is left alone.

Examples:
  span-tree init            show, and ask
  span-tree init --yes      change without asking`

/** `span-tree init`: sets a project up. */
export function initCommand(): Command {
  return new Command('init')
    .description('set span-tree up in this project: shows the change first')
    .option('-y, --yes', 'apply it without asking')
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', HELP)
    .action(async ({ yes = false }: { yes?: boolean }) => {
      const { initProject } = await import('../init/init-project.ts')
      const interactive = process.stdin.isTTY && process.stdout.isTTY
      process.exitCode = await initProject({
        directory: process.cwd(),
        yes,
        ask: interactive ? ask : undefined,
        print: line => process.stdout.write(`${line}\n`),
      })
    })
}

async function ask(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim())
  } finally {
    terminal.close()
  }
}
