import type { Command, Option } from 'commander'

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
  const value = argChoices ?? (FILES.test(flags) ? 'file' : /[<[]/.test(flags) ? 'anything' : undefined)
  return { ...(long && { long }), ...(short && { short }), description, ...(value && { value }) }
}
