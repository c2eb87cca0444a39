import type { Command, Option } from 'commander'
import { TRACE_STATUSES } from '../../store/trace-status.ts'
import type { GroupState, Severity } from '../../store/triage.ts'

/** What a shell has to know of a command. */
export interface CompletedCommand {
  readonly name: string
  readonly description: string
  readonly options: readonly CompletedOption[]
  /** Names of commands below it, as of `keys`. */
  readonly words: readonly string[]
}

export interface CompletedOption {
  readonly long?: string
  readonly short?: string
  readonly description: string
  /** What it may be followed by; `file`: a path; `anything`: what only the user knows. Absent where it stands alone. */
  readonly value?: 'file' | 'anything' | readonly string[]
}

const FILES = /<(file|directory|tsconfig)>/

/** Values of options that take several of them, or in any case: commander knows them as a function only. */
const VALUES: readonly (readonly [placeholder: RegExp, values: readonly string[]])[] = [
  [/<status>/, TRACE_STATUSES],
  [/<state>/, ['new', 'ongoing', 'regressed', 'escalating', 'archived', 'resolved'] satisfies GroupState[]],
  [/<severity>/, ['OK', 'WARN', 'ALERT'] satisfies Severity[]],
]

/** The commands of a program, as commander has them, so that none is forgotten. */
export function commandsOf(program: Command): CompletedCommand[] {
  return program.commands.map(command => ({
    name: command.name(),
    description: command.description(),
    options: [...command.options, HELP].map(completedOption),
    words: [...command.commands.map(each => each.name()), ...(command.registeredArguments[0]?.argChoices ?? [])],
  }))
}

const HELP = { long: '--help', short: '-h', description: 'print this help', flags: '-h, --help' } as Option

function completedOption({ long, short, description, flags, argChoices }: Option): CompletedOption {
  const known = argChoices ?? VALUES.find(([placeholder]) => placeholder.test(flags))?.[1]
  const value = known ?? (FILES.test(flags) ? 'file' : /[<[]/.test(flags) ? 'anything' : undefined)
  return { ...(long && { long }), ...(short && { short }), description, ...(value && { value }) }
}
