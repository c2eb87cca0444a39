import { Command, Option } from 'commander'
import type { PlanRequest } from '../plan/plan-project.ts'
import { type SelectFlags, withSelectOptions } from '../select-options.ts'

interface PlanFlags extends SelectFlags {
  readonly table?: boolean
  readonly json?: boolean
  readonly diff?: boolean
  readonly check?: string
  readonly project?: string
}

const HELP = `
Chosen is as the real ways in choose: where tsconfig.json lists span-tree/transformer, by its entry and what it
compiles; else by the configuration file, or all of the program's own code. Options here win, key by key.

  ✓ gets a span, with the spans of one call and their estimated price (docs/plan.md of the package says how)
  ✗ refused: it cannot be instrumented without a change of what it does
  – trivial: not worth a span      · left out, by the configuration or @noSpan

A table on a terminal, JSON elsewhere. The output depends on the sources and the configuration alone, so it can be
kept in the repository.

Examples:
  span-tree plan
  span-tree plan 'src/orders/**' --diff
  span-tree plan --json > plan.json
  span-tree plan --check plan.json          exit code 1, and the difference, when it has changed`

/** `span-tree plan`: what is instrumented and what is not, without running anything. */
export function planCommand(): Command {
  const command = new Command('plan')
    .description('list what is instrumented, what is not, and why')
    .argument('[globs...]', 'tell of these files only')
    .addOption(new Option('--table', 'as a table').conflicts(['json', 'diff']))
    .addOption(new Option('--json', 'as JSON').conflicts('diff'))
    .option('--diff', 'as a diff of the sources')
    .option('--check <file>', 'compare with JSON that was kept')
    .option('-p, --project <tsconfig>', 'the tsconfig; the nearest by default')
  return withSelectOptions(command, 'trace')
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', HELP)
    .action(async (globs: string[], flags: PlanFlags) => {
      const { planProject } = await import('../plan/plan-project.ts')
      process.exitCode = planProject(requestOf(globs, flags))
    })
}

function requestOf(globs: readonly string[], flags: PlanFlags): PlanRequest {
  const { table, json, diff, check, project, ...select } = flags
  const form = diff ? 'diff' : json || !(table || process.stdout.isTTY) ? 'json' : 'table'
  return { form, globs, select, ...(check !== undefined && { check }), ...(project !== undefined && { project }) }
}
