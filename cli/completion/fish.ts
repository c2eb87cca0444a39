import type { CompletedCommand, CompletedOption } from './commands-of.ts'

export function fishScript(commands: readonly CompletedCommand[]): string {
  const names = commands.map(
    ({ name, description }) =>
      `complete -c span-tree -n __fish_use_subcommand -f -a ${name} -d ${quoted(description)}\n`,
  )
  return [...names, ...commands.map(ofCommand)].join('')
}

function ofCommand({ name, options, words }: CompletedCommand): string {
  const start = `complete -c span-tree -n '__fish_seen_subcommand_from ${name}'`
  const below = words.map(word => `${start} -f -a ${word}\n`)
  return [...below, ...options.map(option => `${start} ${parts(option).join(' ')}\n`)].join('')
}

function parts({ long, short, description, value }: CompletedOption): string[] {
  const takes =
    value === undefined
      ? []
      : value === 'file'
        ? ['-r', '-F']
        : value === 'anything'
          ? ['-x']
          : ['-x', '-a', quoted(value.join(' '))]
  return [
    ...(short === undefined ? [] : ['-s', short.slice(1)]),
    ...(long === undefined ? [] : ['-l', long.slice(2)]),
    ...takes,
    '-d',
    quoted(description),
  ]
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`
}
