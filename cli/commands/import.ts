import type { Command } from 'commander'
import { tag } from '../query/filter-options.ts'
import { inSession, type SourceFlags, storeCommand } from '../query/store-command.ts'

export interface ImportFlags extends SourceFlags {
  readonly tag?: Readonly<Record<string, string>>
}

const HELP = `
Reads the JSON lines of SPAN_TREE=json and of span-tree export, and OTLP as JSON (a document, or a line a request), by what is in
them; lines that are neither are left out, and counted. The same twice is there once.

Examples:
  span-tree import traces.jsonl
  SPAN_TREE=json node app.js 2>&1 >/dev/null | span-tree import -
  kubectl logs shop-7 | span-tree import --tag app=shop -
  span-tree import otel-collector.json --url http://localhost:7318`

/** `span-tree import`: traces from files. */
export function importCommand(): Command {
  return storeCommand('import', 'keep traces from JSON lines or OTLP JSON', HELP)
    .argument('<files...>', '-: standard input')
    .option('-t, --tag <name=value>', 'give traces this tag (may be repeated)', tag)
    .action((files: string[], flags: ImportFlags) =>
      inSession(
        flags,
        async session => {
          const { importFiles } = await import('../transfer/import-files.ts')
          return importFiles(session, files, flags.tag ?? {})
        },
        'make',
      ),
    )
}
