import { pathToFileURL } from 'node:url'
import type { Environment, TerminalLike } from './colours.ts'

/** Values of `TERM_PROGRAM` and `TERM` of terminals that open OSC 8 links. */
const PROGRAMS = new Set(['iTerm.app', 'WezTerm', 'ghostty', 'Hyper', 'rio', 'Tabby', 'WarpTerminal'])
const TERMS = new Set(['xterm-kitty', 'xterm-ghostty', 'alacritty', 'foot', 'foot-extra', 'contour', 'wezterm'])

/** From this version on (0.50.0), VTE terminals (GNOME Terminal and others) open links. */
const VTE_WITH_LINKS = 5000

/**
 * Whether the terminal opens OSC 8 links (https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda).
 * VS Code does, but is left out: it finds `file:line:column` in the text by itself, and then opens the column too.
 * `FORCE_HYPERLINK` overrides.
 */
export function wantsHyperlinks(stream: TerminalLike, env: Environment): boolean {
  const force = env['FORCE_HYPERLINK']
  if (force !== undefined) return force !== '0' && force !== 'false'
  if (!stream.isTTY || env['CI']) return false
  if (PROGRAMS.has(env['TERM_PROGRAM'] ?? '') || TERMS.has(env['TERM'] ?? '')) return true
  if (env['WT_SESSION'] || env['KONSOLE_VERSION'] || env['DOMTERM']) return true
  return Number(env['VTE_VERSION'] ?? 0) >= VTE_WITH_LINKS
}

/** `file:///…#12:3`: the fragment is what iTerm2 and kitty take for line and column. */
export function fileLink(path: string, line: number, column: number): string {
  return `${pathToFileURL(path).href}#${line}:${column}`
}

/** `text` as a link to `url`. */
export function hyperlink(text: string, url: string): string {
  return `\x1b]8;;${url}\x1b\\${text}\x1b]8;;\x1b\\`
}
