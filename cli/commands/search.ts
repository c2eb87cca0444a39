import type { Command } from 'commander'
import { type FilterFlags, queryOf, withFilterOptions } from '../query/filter-options.ts'
import { inSession, type SourceFlags, storeCommand, withForms } from '../query/store-command.ts'

const HELP = `
Looks at names, messages, errors, and values of attributes and captured arguments. All words must occur in a trace; "several
words" in double quotes must stand together. Capital and small letters are one.

Examples:
  span-tree search card declined
  span-tree search '"card declined"' order-4711 --since 7d
  span-tree search timeout --status FAIL --json | jq -r '.[].traceId'`

/** `span-tree search`: traces in which words occur, with the lines in which they do. */
export function searchCommand(): Command {
  const command = storeCommand('search', 'find traces by words, and show where they occur', HELP).argument('<words...>')
  return withForms(withFilterOptions(command, 20)).action((words: string[], flags: FilterFlags & SourceFlags) =>
    inSession(flags, async session => {
      const { printMatches } = await import('../query/search-matches.ts')
      const text = [...words, ...(flags.text === undefined ? [] : [flags.text])].join(' ')
      return printMatches(session, text, { limit: 20, ...queryOf(flags), text })
    }),
  )
}
