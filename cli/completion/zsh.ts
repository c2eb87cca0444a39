import type { CompletedCommand, CompletedOption } from './commands-of.ts'
import { quoted } from './quote.ts'

export function zshScript(commands: readonly CompletedCommand[]): string {
  const list = commands.map(({ name, description }) => `      ${quoted(`${name}:${description}`)}\n`).join('')
  return `#compdef span-tree
_span_tree() {
  if (( CURRENT == 2 )); then
    local -a commands=(
${list}      'help:print help for a command'
    )
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${commands.map(commandCase).join('')}  esac
}
compdef _span_tree span-tree
`
}

function commandCase({ name, options, words }: CompletedCommand): string {
  const rest = words.length > 0 ? `'*:what:(${words.join(' ')})'` : "'*:file:_files'"
  return `    ${name})
      _arguments ${[...options.flatMap(specs), rest].join(' \\\n        ')}
      ;;
`
}

/** A specification for each name of an option. */
function specs({ long, short, description, value }: CompletedOption): string[] {
  const said = description.replace(/[[\]\\:]/g, '\\$&')
  const action = value === 'file' ? '_files' : value === 'anything' ? ' ' : `(${value?.join(' ')})`
  const behind = value === undefined ? '' : `:value:${action}`
  return [short, long].flatMap(name => (name === undefined ? [] : [quoted(`*${name}[${said}]${behind}`)]))
}
