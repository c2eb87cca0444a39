import type { CompletedCommand, CompletedOption } from './commands-of.ts'
import { quoted } from './quote.ts'

/** Also for bash 3.2, which macOS has. */
export function bashScript(commands: readonly CompletedCommand[]): string {
  const cases = commands.map(
    ({ name, options, words }) => `    ${name})
      case "$previous" in
${options.flatMap(valueCase).join('')}      esac
      COMPREPLY=($(compgen -W ${quoted([...words, ...options.map(({ long }) => long)].join(' '))} -- "$current"))
      [[ $current == -* || ${words.length} -gt 0 ]] || COMPREPLY=($(compgen -f -- "$current"))
      ;;
`,
  )
  return `_span_tree() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  COMPREPLY=()
  if [[ $COMP_CWORD -eq 1 ]]; then
    COMPREPLY=($(compgen -W ${quoted([...commands.map(({ name }) => name), 'help', '--help', '--version'].join(' '))} -- "$current"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join('')}  esac
}
complete -o filenames -F _span_tree span-tree
`
}

function valueCase({ long, short, value }: CompletedOption): string[] {
  if (value === undefined) return []
  const names = [short, long].filter(Boolean).join('|')
  if (value === 'anything') return [`        ${names}) return ;;\n`]
  const by = value === 'file' ? '-f' : `-W ${quoted(value.join(' '))}`
  return [`        ${names}) COMPREPLY=($(compgen ${by} -- "$current")); return ;;\n`]
}
