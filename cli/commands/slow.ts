import type { Command } from 'commander'
import { countOption, momentOption } from '../query/moment.ts'
import { inSession, type SourceFlags, storeCommand, withForms } from '../query/store-command.ts'

interface SlowFlags extends SourceFlags {
  readonly appVersion?: string
  readonly since?: bigint
  readonly limit?: number
}

const HELP = `
Three tables: functions that take longer in a version than they did in the others, those to blame first; calls that took far longer
than calls of their function do, but for those that only waited for another of them (JSON has all); functions by the time that they
took in sum. Exit code 1 where there is nothing in any.

Examples:
  span-tree slow
  span-tree slow --since 1h --limit 10
  span-tree slow --app-version 1.4.0
  span-tree slow --json | jq '.functions[0]'`

/** `span-tree slow`: what takes long, and what takes longer than it did. */
export function slowCommand(): Command {
  const command = storeCommand('slow', 'list what is slow, and what has become slower', HELP)
    .option('--app-version <version>', 'compare this one with the others; the last seen of each app unless told')
    .option('--since <time>', 'calls begun since then: 30min, 2h, 7d (ago), 2026-11-22T15:00', momentOption)
    .option('-l, --limit <n>', 'at most so many in a table (20)', countOption)
  return withForms(command).action((flags: SlowFlags) =>
    inSession(flags, async session => {
      const { printSlow } = await import('../query/slow-report.ts')
      return printSlow(session, flags)
    }),
  )
}
