import { spawnSync } from 'node:child_process'
import { basename } from 'node:path'
import type { Place } from './source-file.ts'

/** How an editor is told of a place: by name, without `.exe` and the like. */
const MANNERS: readonly (readonly [names: RegExp, words: (place: Place) => string[]])[] = [
  [/^(code|code-insiders|codium|vscodium|cursor|windsurf|positron)$/, place => ['-g', withColons(place)]],
  [/^(subl|sublime_text|zed|zeditor|lapce)$/, place => [withColons(place)]],
  [/^(hx|helix|micro)$/, place => [withColons(place)]],
  [/^(idea|webstorm|phpstorm|rubymine|goland|fleet)$/, ({ path, line }) => ['--line', String(line), path]],
  [/^(mate|kate)$/, ({ path, line }) => ['--line', String(line), path]],
  [/^(vi|vim|nvim|gvim|mvim|view)$/, ({ path, line, column }) => [`+call cursor(${line},${column})`, path]],
  [/^nano$/, ({ path, line, column }) => [`+${line},${column}`, path]],
  [/^(emacs|emacsclient|kak)$/, ({ path, line, column }) => [`+${line}:${column}`, path]],
  [/^notepad\+\+$/, ({ path, line }) => [`-n${line}`, path]],
]

/** The command that opens the place in `$VISUAL`, `$EDITOR`, or what there is unless they say. */
export function editorCommand(env: NodeJS.ProcessEnv, place: Place): readonly [command: string, ...words: string[]] {
  const said = env['VISUAL'] || env['EDITOR'] || (process.platform === 'win32' ? 'notepad' : 'vi')
  const [command = said, ...words] = wordsOf(said)
  const name = basename(command).replace(/\.(exe|cmd|bat)$/i, '')
  const [, manner] = MANNERS.find(([names]) => names.test(name)) ?? []
  // Most of the others understand +line, as vi does.
  const told = manner?.(place) ?? (name === 'notepad' ? [place.path] : [`+${place.line}`, place.path])
  // Editors with a window of their own: `code --wait` is what git needs, but here one wants to go on.
  return [command, ...words.filter(word => word !== '--wait'), ...told]
}

/** Runs the editor on this terminal; what kept it from that, if anything did. */
export function openEditor(env: NodeJS.ProcessEnv, place: Place): string | undefined {
  const [command, ...words] = editorCommand(env, place)
  // `code` and the like are scripts there, which only the shell can start.
  const shell = process.platform === 'win32'
  const { error, status } = spawnSync(command, shell ? words.map(word => `"${word}"`) : words, {
    stdio: 'inherit',
    shell,
  })
  if (error) return `${command} cannot be run: ${error.message} ($EDITOR says which editor)`
  return status ? `${command} ended with ${status}` : undefined
}

/** `code --wait`, `"/opt/my editor/bin/ed" -n`: as a shell would, as far as quotes go. */
function wordsOf(text: string): string[] {
  return (text.match(/"[^"]*"|'[^']*'|\S+/g) ?? []).map(word => word.replace(/^(["'])(.*)\1$/, '$2'))
}

function withColons({ path, line, column }: Place): string {
  return `${path}:${line}:${column}`
}
