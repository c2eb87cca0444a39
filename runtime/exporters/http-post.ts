import * as http from 'node:http'
import * as https from 'node:https'

export interface Answer {
  readonly status: number
  /** By names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: Uint8Array
}

/**
 * One attempt. Rejects where there is no answer within `timeout` milliseconds, or `signal` comes before it. `headers`: by names in
 * lower case.
 */
export type Post = (
  body: Uint8Array,
  headers: Readonly<Record<string, string>>,
  timeout: number,
  signal?: AbortSignal,
) => Promise<Answer>

/** Bytes of an answer that are read: they say what was refused, and why. */
const MAX_ANSWER = 1 << 20

// Taken when the module loads, so that fake timers of a test do not stop the export.
const { setTimeout, clearTimeout } = globalThis

/** Posts by Node's own HTTP: connections are kept open, and do not keep the process alive while nothing is under way. */
export function httpPost(url: string): Post {
  const target = new URL(url)
  if (target.protocol !== 'http:' && target.protocol !== 'https:')
    throw new TypeError(`span-tree: not an HTTP address: ${url}`)
  const { Agent, request } = target.protocol === 'https:' ? https : http
  const agent = new Agent({ keepAlive: true, maxSockets: 4 })
  return (body, headers, timeout, signal) =>
    new Promise((resolve, reject) => {
      const given = { ...headers, 'content-length': String(body.byteLength) }
      const sent = request(target, { method: 'POST', agent, headers: given, ...(signal && { signal }) }, response => {
        readAnswer(response).then(resolve, reject).finally(done)
      })
      // Of the whole: a socket's own timeout begins anew with each byte.
      const timer = setTimeout(() => sent.destroy(new Error(`no answer within ${timeout} ms`)), timeout)
      timer.unref()
      const done = (): void => clearTimeout(timer)
      // Nobody waits for it but those who hold the process themselves: a program that is done ends.
      sent.once('socket', socket => socket.unref())
      sent.on('error', error => {
        done()
        reject(error)
      })
      sent.end(body)
    })
}

async function readAnswer(response: http.IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    if (size < MAX_ANSWER) chunks.push(chunk)
    size += chunk.length
  }
  const headers: Record<string, string | undefined> = {}
  for (const [name, value] of Object.entries(response.headers)) headers[name] = Array.isArray(value) ? value[0] : value
  return { status: response.statusCode ?? 0, headers, body: Buffer.concat(chunks) }
}
