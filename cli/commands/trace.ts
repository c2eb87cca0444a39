import type { Command } from 'commander'
import { inSession, type SourceFlags, storeCommand, withForms } from '../query/store-command.ts'

const HELP = `
The id is a trace's ksuid, its 32 hex digits (W3C), or the beginning of either as far as it is unique.
The tree on a terminal, elsewhere a line of JSON a tree, as span-tree import reads it.

Examples:
  span-tree trace 3MTTjFEKX2rNbXV9yOaI4c7F0pU
  span-tree trace 3MTTjF
  span-tree trace 4bf92f3577b34da6a3ce929d0e0e4736 --json | jq .root.name`

/** `span-tree trace`: one trace as a tree. */
export function traceCommand(): Command {
  const command = storeCommand('trace', 'print one trace as a tree', HELP).argument(
    '<id>',
    "the trace's, or its beginning",
  )
  return withForms(command).action((id: string, flags: SourceFlags) =>
    inSession(flags, async session => {
      const { printTrace } = await import('../query/print-trace.ts')
      return printTrace(session, id)
    }),
  )
}
