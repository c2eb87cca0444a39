import { type Command, InvalidArgumentError } from 'commander'
import type { GroupState } from '../../store/triage.ts'
import { countOption, momentOption } from '../query/moment.ts'
import { FOUND, inSession, NONE, type SourceFlags, storeCommand, withForms } from '../query/store-command.ts'

interface ErrorFlags extends SourceFlags {
  readonly state?: readonly GroupState[]
  readonly since?: bigint
  readonly all?: boolean
  readonly limit?: number
}

const STATES: readonly GroupState[] = ['new', 'ongoing', 'regressed', 'escalating', 'archived', 'resolved']

const HELP = `
Errors of one type from one place in the program are one group; span-tree annotate marks a group, once. With an id: that
group, why its errors are one, and where it was seen last. Archived, resolved and silenced ones are left out unless asked for.

Examples:
  span-tree errors
  span-tree errors --state new,regressed --since 1d
  span-tree errors 12
  span-tree errors --all --json | jq '.[] | select(.count > 100)'`

/** `span-tree errors`: groups of errors. */
export function errorsCommand(): Command {
  const command = storeCommand('errors', 'list errors in groups, or tell of one group', HELP)
    .argument('[id]', "the group's", countOption)
    .option('--state <state>', `${STATES.join(', ')} (may be repeated, or with commas)`, state)
    .option('--since <time>', 'seen since then: 30min, 2h, 7d (ago), 2026-11-22T15:00', momentOption)
    .option('-a, --all', 'also archived, resolved and silenced ones')
    .option('-l, --limit <n>', 'at most so many (50), the last seen first', countOption)
  return withForms(command).action((id: number | undefined, flags: ErrorFlags) =>
    inSession(flags, async ({ client, namespace, json }) => {
      const { printGroup, printGroups } = await import('../query/error-groups.ts')
      if (id === undefined) return printGroups(await client.errorGroups(namespace, queryOf(flags)), json) ? FOUND : NONE
      return printGroup(await client.errorGroup(namespace, id), id, json) ? FOUND : NONE
    }),
  )
}

function queryOf({ state, since, all, limit }: ErrorFlags): object {
  const states = state ?? (all ? undefined : STATES.slice(0, 4))
  return {
    ...(states && { states }),
    ...(since !== undefined && { since: Number(since / 1_000_000n) }),
    ...(all && { silenced: true }),
    ...(limit !== undefined && { limit }),
  }
}

function state(text: string, previous: readonly GroupState[] = []): readonly GroupState[] {
  const named = text.split(',').map(each => STATES.find(known => known === each.trim().toLowerCase()))
  if (named.includes(undefined)) throw new InvalidArgumentError(`Write one of ${STATES.join(', ')}.`)
  return [...previous, ...(named as GroupState[])]
}
