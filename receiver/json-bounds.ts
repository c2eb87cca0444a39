import { Refusal } from './refusal.ts'

/** Bytes up to which JSON takes no memory worth a thought, whatever is in it. */
const SMALL = 4 << 20
/** Objects and lists within one another: spans have a dozen. */
const MAX_NESTED = 200
/** Bytes of JSON for each of its objects and lists; spans have 60. `{}` takes 20 times its own bytes when it is read. */
const BYTES_EACH = 16

const QUOTE = 0x22
const BACKSLASH = 0x5c

/** Refuses large JSON that would take many times its own size to be read. */
export function checkJsonBounds(body: Uint8Array): void {
  if (body.length <= SMALL) return
  let nested = 0
  let opened = 0
  for (let i = 0; i < body.length; i++) {
    const byte = body[i]
    if (byte === QUOTE) i = endOfString(body, i)
    else if (byte === 0x7b || byte === 0x5b) {
      opened++
      if (++nested > MAX_NESTED) throw new Refusal(400, `the body is nested deeper than ${MAX_NESTED} levels`)
    } else if (byte === 0x7d || byte === 0x5d) nested--
  }
  if (opened * BYTES_EACH > body.length) throw new Refusal(413, 'the body has too many objects and lists for its size')
}

function endOfString(body: Uint8Array, start: number): number {
  for (let end = body.indexOf(QUOTE, start + 1); end >= 0; end = body.indexOf(QUOTE, end + 1)) {
    let backslashes = 0
    while (body[end - 1 - backslashes] === BACKSLASH) backslashes++
    if (backslashes % 2 === 0) return end
  }
  return body.length
}
