import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { gunzipSync, zstdDecompressSync } from 'node:zlib'

export interface WireSpan {
  readonly traceId: string
  readonly id: string
  readonly rev: string
  readonly name: string
  readonly status: string
  readonly parentId?: string
  readonly endTime?: string
}

export interface Received {
  readonly tags: Readonly<Record<string, string>>
  readonly run?: number
  readonly health: { readonly spansExported: number }
  readonly spans: readonly WireSpan[]
}

/** What to do with a request: take it, refuse spans of these names, answer with a status, never answer, cut the connection. */
export type Behaviour =
  | 'take'
  | 'hang'
  | 'cut'
  | 'cut after taking'
  | { readonly refuse: string }
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }

/** The protocol of docs/receiver-protocol.md over a map: idempotent by trace, span and revision. Can misbehave. */
export class Receiver {
  behaviour: Behaviour = 'take'
  readonly requests: Received[] = []
  readonly headers: IncomingMessage['headers'][] = []
  readonly spans = new Map<string, WireSpan>()
  /** Spans that came again in the same revision. */
  copies = 0
  readonly #server: Server = createServer((request, response) => void this.#serve(request, response))
  readonly #sockets = new Set<Socket>()
  #told: (() => void)[] = []

  constructor() {
    this.#server.on('connection', socket => {
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
    })
  }

  /** Its URL. */
  async listen(port = 0): Promise<string> {
    await new Promise<void>(resolve => this.#server.listen(port, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Names of the spans, sorted; those that have not ended with a `…`. */
  get names(): string[] {
    return [...this.spans.values()].map(({ name, endTime }) => (endTime === undefined ? `${name} …` : name)).sort()
  }

  /** Waits until `done`, looking at each request. */
  async until(done: () => boolean): Promise<void> {
    while (!done()) await new Promise<void>(resolve => this.#told.push(resolve))
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise(resolve => this.#server.close(resolve))
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer)
    } catch {
      return
    }
    const { behaviour } = this
    this.headers.push(request.headers)
    if (request.url !== '/v1/spans' || request.method !== 'POST') response.writeHead(404).end()
    else if (behaviour === 'cut') request.socket.destroy()
    else if (typeof behaviour === 'object' && 'status' in behaviour) {
      response.writeHead(behaviour.status, behaviour.headers).end(behaviour.body)
    } else if (behaviour !== 'hang') {
      const answer = this.#take(unpacked(Buffer.concat(chunks), request.headers['content-encoding']))
      if (behaviour === 'cut after taking') request.socket.destroy()
      else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
    }
    for (const tell of this.#told.splice(0)) tell()
  }

  #take(body: Buffer): { accepted: number; refused: { index: number; reason: string }[] } {
    const received = JSON.parse(body.toString()) as Received
    this.requests.push(received)
    const refused: { index: number; reason: string }[] = []
    received.spans.forEach((span, index) => {
      if (typeof this.behaviour === 'object' && 'refuse' in this.behaviour && this.behaviour.refuse === span.name) {
        refused.push({ index, reason: 'not wanted' })
      } else this.#keep(span)
    })
    return { accepted: received.spans.length - refused.length, refused }
  }

  #keep(span: WireSpan): void {
    const key = `${span.traceId} ${span.id}`
    const known = this.spans.get(key)
    if (known?.rev === span.rev) this.copies++
    if (known === undefined || BigInt(span.rev) > BigInt(known.rev)) this.spans.set(key, span)
  }
}

function unpacked(body: Buffer, encoding: string | undefined): Buffer {
  if (encoding === 'zstd') return zstdDecompressSync(body)
  return encoding === 'gzip' ? gunzipSync(body) : body
}
