/**
 * A ksuid (https://github.com/segmentio/ksuid) as text and as five words of 32 bits: seconds, then 16 random bytes. The package `ksuid`
 * takes 8 µs for what is a microsecond here, and every trace that is exported or passed on needs it; a test compares the two.
 */
export type KsuidWords = readonly [time: number, a: number, b: number, c: number, d: number]

const WORDS = 5
const LENGTH = 27
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
/** Three digits of base 62 at once: a word times this is still an exact double. */
const THREE = 62 ** 3
const WORD = 2 ** 32
/** Of the digits, by their character codes. */
const VALUES = new Uint8Array(128)
for (let i = 0; i < DIGITS.length; i++) VALUES[DIGITS.charCodeAt(i)] = i
const PAIRS: readonly string[] = Array.from(
  { length: THREE / 62 },
  (_, i) => `${DIGITS[Math.floor(i / 62)]}${DIGITS[i % 62]}`,
)

/** 27 characters of base 62. */
export function ksuidOf([a, b, c, d, e]: KsuidWords): string {
  const words = [a, b, c, d, e]
  let text = ''
  for (let first = 0; text.length < LENGTH; ) {
    let rest = 0
    for (let i = first; i < WORDS; i++) {
      const value = rest * WORD + (words[i] as number)
      // The remainder by subtraction, which is exact here: the engine has no fast `%` for numbers of this size.
      const quotient = Math.floor(value / THREE)
      words[i] = quotient
      rest = value - quotient * THREE
    }
    while (first < WORDS && words[first] === 0) first++
    text = `${PAIRS[(rest / 62) | 0]}${DIGITS[(rest | 0) % 62]}${text}`
  }
  return text
}

/** Of 27 characters of base 62. Throws a `TypeError` for what says more than five words can. */
export function wordsOf(ksuid: string): KsuidWords {
  const words = [0, 0, 0, 0, 0]
  for (let at = 0; at < LENGTH; at += 3) {
    let carry = valueAt(ksuid, at) * 3_844 + valueAt(ksuid, at + 1) * 62 + valueAt(ksuid, at + 2)
    for (let i = WORDS - 1; i >= 0; i--) {
      const value = (words[i] as number) * THREE + carry
      carry = Math.floor(value / WORD)
      words[i] = value - carry * WORD
    }
    if (carry > 0) throw new TypeError(`not a ksuid: ${ksuid}`)
  }
  return words as unknown as KsuidWords
}

function valueAt(text: string, at: number): number {
  return VALUES[text.charCodeAt(at)] as number
}
