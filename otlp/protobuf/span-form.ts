import { type Span, w3cTraceId } from '../../model/index.ts'
import { wireSpan } from '../from-tree.ts'
import { encodeSpans } from './encode.ts'

/** Two ids, and two times, that differ in their first character and byte. */
const TRACES = ['0'.repeat(27), 'aWgEPTl1tmebfsQzFP4bxwgy80V'] as const
const IDS = ['0'.repeat(16), 'f'.repeat(16)] as const
const TIMES = [0n, 2n ** 64n - 1n] as const

/**
 * A span as it stands in a request, in which ids and times are to be written anew, each at its place: what spans have in common of which nothing else is
 * known is encoded once.
 */
export class SpanForm {
  readonly bytes: Uint8Array
  /** Of the W3C trace id: 16 bytes. */
  readonly traceAt: number
  /** Of the span's id, and its parent's: 8 bytes each; -1 where it has none. */
  readonly idAt: number
  readonly parentAt: number
  /** Of nanoseconds since the Unix epoch: 8 bytes each, the lowest first. */
  readonly startAt: number
  readonly endAt: number
  /** Of the trace's ksuid, which a root has among its attributes: 27 characters; -1 where it is none. */
  readonly ksuidAt: number

  constructor(span: Span, isRoot: boolean) {
    const [bytes, other] = [encoded(span, isRoot, 0), encoded(span, isRoot, 1)]
    let at = 0
    // They differ where such a value begins, and there only.
    const place = (length: number): number => {
      while (bytes[at] === other[at]) at++
      at += length
      return at - length
    }
    this.bytes = bytes
    this.traceAt = place(16)
    this.idAt = place(8)
    this.parentAt = span.parentId === undefined ? -1 : place(8)
    this.startAt = place(8)
    this.endAt = place(8)
    this.ksuidAt = isRoot ? place(27) : -1
  }
}

function encoded(span: Span, isRoot: boolean, i: 0 | 1): Uint8Array {
  const id = IDS[i]
  const endTime = TIMES[i]
  const example = { ...span, id, ...(span.parentId !== undefined && { parentId: id }), startTime: endTime, endTime }
  return encodeSpans([wireSpan({ traceId: TRACES[i] }, example, isRoot, w3cTraceId(TRACES[i]), endTime, [])])
}
