import type { Command } from 'commander'
import { type FilterFlags, queryOf, withFilterOptions } from '../query/filter-options.ts'
import { FOUND, inSession, NONE, type SourceFlags, storeCommand, withForms } from '../query/store-command.ts'

const HELP = `
The newest first. A table on a terminal, JSON elsewhere; exit code 1 where there are none.

Examples:
  span-tree traces
  span-tree traces --status FAIL,CRASH --since 2h
  span-tree traces --tag app=shop --tag environment=production --slow
  span-tree traces --name OrderService.checkout --text 'card declined'
  span-tree traces --json | jq -r '.[].traceId'
  span-tree traces --url http://localhost:7318`

/** `span-tree traces`: a list of traces. */
export function tracesCommand(): Command {
  const command = storeCommand('traces', 'list traces by tags, status, name, time and text', HELP)
  return withForms(withFilterOptions(command, 50)).action((flags: FilterFlags & SourceFlags) =>
    inSession(flags, async ({ client, namespace, json }) => {
      const [{ printList, printTable, note }, { TRACE_COLUMNS, traceRow, traceJson }] = await Promise.all([
        import('../query/print.ts'),
        import('../query/trace-rows.ts'),
      ])
      const found = await client.traces(namespace, queryOf(flags))
      if (json) printList(found.map(traceJson))
      else if (found.length > 0) printTable(TRACE_COLUMNS, () => found.map(traceRow))
      else note('No such traces.')
      return found.length > 0 ? FOUND : NONE
    }),
  )
}
