/** A key by one name: what it types (`j`, `G`, `?`), or what it is called (`down`, `enter`, `ctrl-d`, `shift-tab`). */
export type Key = string

/** What ink says of a key, as far as it matters here. */
interface KeyFlags {
  readonly ctrl: boolean
  readonly meta: boolean
  readonly shift: boolean
  readonly tab: boolean
  readonly upArrow: boolean
  readonly downArrow: boolean
  readonly leftArrow: boolean
  readonly rightArrow: boolean
  readonly pageDown: boolean
  readonly pageUp: boolean
  readonly home: boolean
  readonly end: boolean
  readonly return: boolean
  readonly escape: boolean
  readonly backspace: boolean
  readonly delete: boolean
}

const NAMED: readonly (readonly [flag: keyof KeyFlags, name: Key])[] = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageDown', 'pagedown'],
  ['pageUp', 'pageup'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'enter'],
  ['escape', 'escape'],
  ['backspace', 'backspace'],
  ['delete', 'delete'],
]

/** The keys of one event: terminals (and people who paste) send several at once. */
export function keysOf(input: string, flags: KeyFlags): Key[] {
  if (flags.tab) return [flags.shift ? 'shift-tab' : 'tab']
  const [, name] = NAMED.find(([flag]) => flags[flag]) ?? []
  if (name !== undefined) return [name]
  // Alt is no part of any key here, and what cannot be told from Escape and a key is taken for that.
  if (flags.meta) return ['escape', ...input]
  if (flags.ctrl) return input === '' ? [] : [`ctrl-${input}`]
  return Array.from(input, typed)
}

function typed(character: string): Key {
  if (character === '\r' || character === '\n') return 'enter'
  return character === '\t' ? 'tab' : character
}

/** Whether the key types a character. */
export function isCharacter(key: Key): boolean {
  return [...key].length === 1
}
