import * as kleur from 'kleur/colors'

/** Paints one piece of text that has no colours in it yet. */
export type Style = (text: string) => string

/** What the environment says, as far as colours and links are concerned. */
export type Environment = { readonly [name: string]: string | undefined }

/** The part of a stream that decides how to print on it. */
export interface TerminalLike {
  readonly isTTY?: boolean
  readonly columns?: number
}

/** What a tree is made of, as far as it looks different. */
type Part =
  | 'plain'
  | 'guide'
  | 'root'
  | 'muted'
  | 'location'
  | 'duration'
  | 'slow'
  | 'warning'
  | 'failed'
  | 'error'
  | 'handled'
  | 'running'
  | 'own'
  | 'count'
  | 'debug'
  | 'info'
  | 'critical'

/** What each part of a tree looks like. */
export const styles: { readonly [part in Part]: Style } = {
  plain: (text: string): string => text,
  guide: kleur.dim,
  root: kleur.bold,
  muted: kleur.dim,
  location: kleur.dim,
  duration: kleur.dim,
  slow: (text: string): string => kleur.bold(kleur.yellow(text)),
  warning: kleur.yellow,
  failed: (text: string): string => kleur.bold(kleur.red(text)),
  error: kleur.red,
  handled: kleur.yellow,
  running: kleur.cyan,
  own: kleur.cyan,
  count: kleur.cyan,
  debug: kleur.dim,
  info: kleur.green,
  critical: (text: string): string => kleur.bold(kleur.white(kleur.bgRed(text))),
}

/**
 * Whether to colour what goes to `stream`: `NO_COLOR` (https://no-color.org: unless empty), `NODE_DISABLE_COLORS` and
 * `TERM=dumb` beat `FORCE_COLOR`, as with kleur; else a terminal is coloured. kleur itself looks at standard output only.
 */
export function wantsColours(stream: TerminalLike, env: Environment): boolean {
  if (env['NO_COLOR'] || env['NODE_DISABLE_COLORS'] || env['TERM'] === 'dumb') return false
  const force = env['FORCE_COLOR']
  return force === undefined ? stream.isTTY === true : force !== '0' && force !== 'false'
}

/** Runs `render` with kleur's colours on or off. kleur is shared with the program, whose setting is put back. */
export function withColours<T>(enabled: boolean, render: () => T): T {
  const before = kleur.$.enabled
  kleur.$.enabled = enabled
  try {
    return render()
  } finally {
    kleur.$.enabled = before
  }
}
