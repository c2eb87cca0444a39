import { createHash } from 'node:crypto'
import { Bytes } from './bytes.ts'

/** docs/receiver-protocol.md: where spans are posted to, below a receiver's URL. */
export function spansUrl(url: string): string {
  const base = new URL(url)
  if (base.protocol !== 'http:' && base.protocol !== 'https:')
    throw new TypeError(`span-tree: a receiver's URL begins with http:// or https://: ${url}`)
  return `${base.href.replace(/\/+$/, '')}/v1/spans`
}

const COMMA = Buffer.from(',')
const END = Buffer.from(']}')

/** The body of a request, whose memory may be released to `out`. `spans`: objects of JSON, in each part one or more with commas between them. */
export function requestBody(head: object, spans: readonly Uint8Array[], out: Bytes = new Bytes()): Buffer {
  const opening = Buffer.from(`${JSON.stringify(head).slice(0, -1)},"spans":[`)
  out.clear()
  out.reserve(spans.reduce((size, { length }) => size + length + COMMA.length, opening.length + END.length))
  out.raw(opening)
  for (const [i, part] of spans.entries()) {
    if (i > 0) out.raw(COMMA)
    out.raw(part)
  }
  out.raw(END)
  return out.take()
}

/** Spans that the receiver did not take; undefined where the answer is none of a receiver. */
export function refusedIn(answer: string): number | undefined {
  try {
    const { accepted, refused = [] } = JSON.parse(answer)
    return typeof accepted === 'number' && Array.isArray(refused) ? refused.length : undefined
  } catch {
    return undefined
  }
}

/** What is for one receiver and one key must not go to another. */
export function destinationOf(url: string, apiKey: string | undefined): string {
  return createHash('sha256')
    .update(`${url}\n${apiKey ?? ''}`)
    .digest('hex')
    .slice(0, 16)
}
