import { type Command, InvalidArgumentError, Option } from 'commander'
import { TRACE_STATUSES, type TraceStatus } from '../../store/trace-status.ts'
import type { Speed, TraceQuery } from '../../store/trace-store.ts'
import { countOption, momentOption } from './moment.ts'

export interface FilterFlags {
  readonly tag?: Readonly<Record<string, string>>
  readonly status?: readonly TraceStatus[]
  readonly name?: string
  readonly text?: string
  readonly slow?: boolean
  readonly fast?: boolean
  readonly since?: bigint
  readonly until?: bigint
  readonly limit?: number
}

/** Options that choose traces. `limit`: unless told. */
export function withFilterOptions(command: Command, limit: number | undefined): Command {
  const most = `at most so many${limit === undefined ? '' : ` (${limit})`}, the newest`
  return command
    .option('-t, --tag <name=value>', 'of processes with this tag (may be repeated: all of them)', tag)
    .option('-s, --status <status>', 'running, OK, FAIL or CRASH (may be repeated, or with commas)', status)
    .option('--name <name>', 'whose root has this name')
    .option('--text <words>', 'in which all words occur; phrases in double quotes')
    .addOption(new Option('--slow', 'in which something took far longer than usual').conflicts('fast'))
    .option('--fast', 'in which nothing did')
    .option('--since <time>', 'begun since then: 30min, 2h, 7d (ago), 2026-11-22T15:00', momentOption)
    .option('--until <time>', 'begun before then', momentOption)
    .option('-l, --limit <n>', most, countOption)
}

export function queryOf({ tag, status, name, text, slow, fast, since, until, limit }: FilterFlags): TraceQuery {
  const speed: Speed | undefined = slow ? 'slow' : fast ? 'fast' : undefined
  return {
    ...(tag && { tags: tag }),
    ...(status && { statuses: status }),
    ...(name !== undefined && { name }),
    ...(text !== undefined && { text }),
    ...(speed && { speed }),
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
    ...(limit !== undefined && { limit }),
  }
}

export function tag(text: string, previous: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? []
  if (name === undefined || value === undefined) throw new InvalidArgumentError('Write a tag like app=shop.')
  return { ...previous, [name]: value }
}

function status(text: string, previous: readonly TraceStatus[] = []): readonly TraceStatus[] {
  const named = text
    .split(',')
    .map(each => TRACE_STATUSES.find(known => known.toLowerCase() === each.trim().toLowerCase()))
  if (named.includes(undefined)) throw new InvalidArgumentError(`Write one of ${TRACE_STATUSES.join(', ')}.`)
  return [...previous, ...(named as TraceStatus[])]
}
