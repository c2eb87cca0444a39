import type { Command } from 'commander'
import { type FilterFlags, withFilterOptions } from '../query/filter-options.ts'
import { spanOption } from '../query/moment.ts'
import { inSession, type SourceFlags, storeCommand, withForms } from '../query/store-command.ts'

export interface TailFlags extends FilterFlags, SourceFlags {
  readonly tree?: boolean
  readonly interval?: number
}

const HELP = `
A line a trace as it completes: on a terminal a row, elsewhere JSON; with --tree all of it. Those that are there already come
first, as many as --limit says. Until interrupted.

Examples:
  span-tree tail
  span-tree tail --status FAIL,CRASH --tree
  span-tree tail --tag app=shop --limit 5
  span-tree tail --json | jq 'select(.durationMs > 1000)'`

/** `span-tree tail`: traces as they come. */
export function tailCommand(): Command {
  const command = storeCommand('tail', 'follow: print traces as they complete', HELP)
    .option('--tree', 'print trees')
    .option('--interval <time>', 'look so often (500ms)', spanOption)
  return withForms(withFilterOptions(command, 10)).action((flags: TailFlags) =>
    inSession(flags, async session => {
      const { followTraces } = await import('../query/follow-traces.ts')
      return followTraces(session, flags)
    }),
  )
}
