/**
 * C0 and C1 control characters, and the marks that reorder text (bidirectional overrides and isolates, line and
 * paragraph separators): what could move the cursor, start an escape sequence, or show text as something it is not.
 */
const UNSAFE = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/u
const EACH_UNSAFE = new RegExp(UNSAFE, 'gu')

const SHORT: { readonly [character: string]: string } = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** `text` on one line, with everything that a terminal would obey written out: `\n`, `\x1b`, `\u202e`. */
export function printable(text: string): string {
  return UNSAFE.test(text) ? text.replace(EACH_UNSAFE, escapeCharacter) : text
}

/** The lines of `text`, each printable; tabs become two spaces. */
export function printableLines(text: string): string[] {
  return text.split(/\r?\n/).map(line => printable(line.replaceAll('\t', '  ')))
}

function escapeCharacter(character: string): string {
  const code = character.charCodeAt(0)
  const hex = code.toString(16)
  return SHORT[character] ?? (code < 0x100 ? `\\x${hex.padStart(2, '0')}` : `\\u${hex.padStart(4, '0')}`)
}
