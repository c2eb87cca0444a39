import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import { tag } from '../query/filter-options.ts'
import { inSession, type SourceFlags, storeCommand } from '../query/store-command.ts'

export interface ImportFlags extends SourceFlags {
  readonly tag?: Readonly<Record<string, string>>
}

const HELP = `
Reads, by what is in them:
  JSON lines   of SPAN_TREE=json and of span-tree export, also between other lines, which are left out, and counted
  OTLP         as JSON: a document, or a line a request
  Chrome       trace events: of Chrome, Node (--trace-event-categories), Perfetto's converters, span-tree export
  speedscope   profiles of events or samples

What is in a trace event file or profile and cannot be read is named, with its place. The same file twice is there once.

Examples:
  span-tree import traces.jsonl
  SPAN_TREE=json node app.js 2>&1 >/dev/null | span-tree import -
  span-tree import --tag app=build node_trace.1.log
  span-tree import profile.speedscope.json
  kubectl logs shop-7 | span-tree import --tag app=shop -
  span-tree import otel-collector.json --url http://localhost:7318`

/** `span-tree import`: traces from files. */
export function importCommand(): Command {
  return storeCommand('import', 'keep traces from JSON lines, OTLP, Chrome traces or speedscope', HELP)
    .argument('<files...>', '-: standard input')
    .option('-t, --tag <name=value>', 'give traces this tag (may be repeated)', tag)
    .action((files: string[], flags: ImportFlags, command: Command) => {
      // Before a store is opened: none is made for nothing.
      const missing = files.find(file => file !== '-' && !existsSync(file))
      if (missing !== undefined) command.error(`error: no such file: ${missing}`, { exitCode: 2 })
      return inSession(
        flags,
        async session => {
          const { importFiles } = await import('../transfer/import-files.ts')
          return importFiles(session, files, flags.tag ?? {})
        },
        'make',
      )
    })
}
