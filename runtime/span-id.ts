import type { ActiveSpan } from './active-span.ts'

// Span ids must be unique in their trace, whichever process made them: a random start and a counter give that for
// two writes a span, where 8 random bytes each would cost more than the span.
// Every copy of this module in the process counts on from the same start, since their spans meet in one tree.
interface Sequence {
  /** 64 random bits; made for the first id, since to load Node's cryptography takes longer than all of the runtime. */
  start: { readonly high: number; readonly low: number } | undefined
  count: number
}

const KEY = Symbol.for('span-tree.span-ids.1')
const registry = globalThis as { [KEY]?: Sequence }
const sequence: Sequence = (registry[KEY] ??= { start: undefined, count: 0 })

function begin(): NonNullable<Sequence['start']> {
  const [high = 0, low = 0] = crypto.getRandomValues(new Uint32Array(2))
  return (sequence.start = { high, low })
}

function hex(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0')
}

/** The number behind a span's id; given at the first question. */
export function serialOf(span: ActiveSpan): number {
  if (span.serial === 0) span.serial = nextSerial()
  return span.serial
}

/** A number for a span id that no other span has. */
export function nextSerial(): number {
  return ++sequence.count
}

/** The W3C span id of a span, 16 hex digits. */
export function spanId(span: ActiveSpan): string {
  return idOfSerial(serialOf(span))
}

/** Two hex digits of each byte. */
const BYTES: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** The first fourteen digits change once in 256 ids. */
let block = -1
let blockDigits = ''
const blockBytes = new Uint8Array(14)
const HEX: readonly number[] = Array.from('0123456789abcdef', digit => digit.charCodeAt(0))

/** The W3C span id of the span with this number. */
export function idOfSerial(serial: number): string {
  const sum = inBlock(serial)
  return `${blockDigits}${BYTES[sum & 0xff]}`
}

/** Writes the 16 digits of `idOfSerial`. */
export function writeSpanId(target: Uint8Array, at: number, serial: number): void {
  const sum = inBlock(serial)
  for (let i = 0; i < 14; i++) target[at + i] = blockBytes[i] as number
  target[at + 14] = HEX[(sum >> 4) & 0xf] as number
  target[at + 15] = HEX[sum & 0xf] as number
}

/** Writes the 8 bytes that `idOfSerial` has the digits of. */
export function writeSpanIdBytes(target: Uint8Array, at: number, serial: number): void {
  const { high, low } = sequence.start ?? begin()
  const sum = low + serial
  writeWord(target, at, high + Math.floor(sum / 0x1_0000_0000))
  writeWord(target, at + 4, sum)
}

/** The highest byte first. */
function writeWord(target: Uint8Array, at: number, word: number): void {
  target[at] = word >>> 24
  target[at + 1] = word >>> 16
  target[at + 2] = word >>> 8
  target[at + 3] = word
}

/** The number's sum with the lower half of the start, of which the last eight bits count; the other digits are those of the block. */
function inBlock(serial: number): number {
  const { high, low } = sequence.start ?? begin()
  const sum = low + serial
  const next = Math.floor(sum / 0x100)
  if (next !== block) {
    block = next
    blockDigits = (hex(high + Math.floor(sum / 0x1_0000_0000)) + hex(sum)).slice(0, 14)
    for (let i = 0; i < 14; i++) blockBytes[i] = blockDigits.charCodeAt(i)
  }
  return sum
}
