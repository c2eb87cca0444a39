import { type Command, Option } from 'commander'
import { type FilterFlags, withFilterOptions } from '../query/filter-options.ts'
import { inSession, type SourceFlags, storeCommand } from '../query/store-command.ts'
import { FORMATS, type Format } from '../transfer/format.ts'

export interface ExportFlags extends FilterFlags, SourceFlags {
  readonly format: Format
  readonly output?: string
}

const HELP = `
  json        a line a tree, as SPAN_TREE=json prints it          span-tree import reads it
  otlp        OTLP as JSON, a line a trace                        span-tree import reads it, so do collectors
  chrome      trace events: ui.perfetto.dev, chrome://tracing     to look at; span-tree import reads it
  speedscope  speedscope.app                                      to look at; span-tree import reads it

All traces unless ids or options choose some; the oldest first.

Examples:
  span-tree export > traces.jsonl
  span-tree export 3MTTjF --format chrome -o trace.json
  span-tree export --status FAIL --since 1d --format otlp -o failures.jsonl
  span-tree export --db laptop.db | span-tree import --db all.db -`

/** `span-tree export`: traces as a file. */
export function exportCommand(): Command {
  const command = storeCommand('export', 'write traces as JSON lines, OTLP, Chrome/Perfetto trace or speedscope', HELP)
    .argument('[ids...]', "the traces', or their beginnings")
    .addOption(new Option('-f, --format <format>', 'how').choices(FORMATS).default('json'))
    .option('-o, --output <file>', 'where to; standard output unless told')
  return withFilterOptions(command, undefined).action((ids: string[], flags: ExportFlags) =>
    inSession(flags, async session => {
      const { exportTraces } = await import('../transfer/export-traces.ts')
      return exportTraces(session, ids, flags)
    }),
  )
}
