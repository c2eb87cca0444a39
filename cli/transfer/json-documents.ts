import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

/** One line, or all of a file whose lines alone are no JSON. `json`: undefined where it is none. */
export interface JsonDocument {
  readonly text: string
  readonly json: unknown
}

/** Lines that a document over several lines may have before it is taken for text between lines of JSON. */
const OPENING = /^\s*[[{]\s*$|^\s*\{\s*"resource(Spans|Logs)"\s*:\s*\[?\s*$/

/** JSON line by line; where the first line only opens an object, all of it as one document. `onRead` is told how many bytes were read. */
export async function* documentsIn(content: Readable, onRead: (bytes: number) => void): AsyncGenerator<JsonDocument> {
  let whole: string[] | undefined
  let first = true
  for await (const line of createInterface({ input: content, crlfDelay: Number.POSITIVE_INFINITY })) {
    onRead(Buffer.byteLength(line) + 1)
    if (line.trim() === '') continue
    if (first && OPENING.test(line)) whole = []
    first = false
    if (whole) whole.push(line)
    else yield documentOf(line)
  }
  if (whole) yield documentOf(whole.join('\n'))
}

function documentOf(text: string): JsonDocument {
  try {
    return { text, json: JSON.parse(text) }
  } catch {
    return { text, json: undefined }
  }
}
