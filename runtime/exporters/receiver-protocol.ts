import { createHash } from 'node:crypto'

/** docs/receiver-protocol.md: where spans are posted to, below a receiver's URL. */
export function spansUrl(url: string): string {
  const base = new URL(url)
  if (base.protocol !== 'http:' && base.protocol !== 'https:')
    throw new TypeError(`span-tree: a receiver's URL begins with http:// or https://: ${url}`)
  return `${base.href.replace(/\/+$/, '')}/v1/spans`
}

/** The body of a request. `spans`: objects of JSON, each without a comma behind it. */
export function requestBody(head: object, spans: readonly string[]): Buffer {
  return Buffer.from(`${JSON.stringify(head).slice(0, -1)},"spans":[${spans.join(',')}]}`)
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
