import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Severity } from '../../store/triage.ts'
import type { AnnotateFlags } from '../query/annotate-group.ts'
import { countOption } from '../query/moment.ts'
import { inSession, type SourceFlags, storeCommand, withForms } from '../query/store-command.ts'

const HELP = `
What is said of a group holds for what arrives from then on. Several options may be given at once; each call can be undone.

  OK      of no account: a trace that fails of it is OK      WARN   worth a look, but no failure
  ALERT   a failure, even where the program survived it      crash  the trace's status is CRASH

Examples:
  span-tree annotate 12 --severity WARN --note 'the bank is slow on Mondays'
  span-tree annotate 12 --crash
  span-tree annotate 12 --silence --archive forever
  span-tree annotate 12 --archive 100            until there are 100 more
  span-tree annotate 12 --archive 7d             for seven days; a date works too
  span-tree annotate 12 --resolve 1.4.0          fixed in that version; without one: now
  span-tree annotate 12 --merge 7                12 goes into 7
  span-tree annotate 12 --undo`

/** `span-tree annotate`: what a person says of a group of errors. */
export function annotateCommand(): Command {
  const command = storeCommand('annotate', 'mark a group of errors, once, for all that is to come', HELP)
    .argument('<id>', "the group's, as span-tree errors lists it", countOption)
    .option('--severity <severity>', 'OK, WARN or ALERT', severity)
    .option('--crash', 'the program, or the task, is lost by it')
    .option('--no-crash', 'it is not')
    .option('--silence', 'not to be shown, and no failure')
    .option('--no-silence', 'to be shown')
    .option('--clear', 'no marks')
    .option('--note <text>', 'what others should know; empty: none')
    .addOption(new Option('--resolve [version]', 'it is fixed').conflicts('archive'))
    .option('--archive <until>', 'forever, escalating, a number of occurrences, 7d, or a date')
    .addOption(new Option('--reopen', 'neither resolved nor archived').conflicts(['resolve', 'archive']))
    .option('--by <name>', 'who says so')
    .option('--merge <id>', 'put this group into another', countOption)
    .option('--unmerge', 'take this group out again')
    .option('--undo', 'take the last annotation back')
  return withForms(command).action((id: number, flags: AnnotateFlags & SourceFlags) =>
    inSession(
      flags,
      async session => {
        const { annotateGroup } = await import('../query/annotate-group.ts')
        return annotateGroup(session, id, flags)
      },
      'change',
    ),
  )
}

function severity(text: string): Severity {
  const severity = text.toUpperCase()
  if (severity !== 'OK' && severity !== 'WARN' && severity !== 'ALERT')
    throw new InvalidArgumentError('Write OK, WARN or ALERT.')
  return severity
}
