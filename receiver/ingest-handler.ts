import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import { type ContentType, encodeStatus, JSON_TYPE, PROTOBUF } from '../otlp/index.ts'
import type { Doorkeeper } from './access.ts'
import { readBody } from './body.ts'
import type { Incoming, IngestAnswer } from './ingest.ts'
import type { Limits } from './limits.ts'
import type { Metrics } from './metrics.ts'
import { checkHost } from './origins.ts'
import type { PendingBytes } from './pending-bytes.ts'
import { Refusal, refusalBody } from './refusal.ts'
import { refusalOf } from './trouble.ts'

export interface IngestSurroundings {
  readonly store: { receive(incoming: Incoming): Promise<IngestAnswer> }
  readonly doorkeeper: Doorkeeper
  readonly limits: Limits
  readonly pending: PendingBytes
  readonly metrics: Metrics
}

/** Takes what is published, and answers when it is kept; what it refuses, it refuses in the words of the protocol that it was sent by. */
export function ingestHandler(signal: Incoming['signal'], surroundings: IngestSurroundings) {
  return async (c: Context): Promise<Response> => {
    const type = typeOf(c.req.header('content-type'))
    try {
      const allowed = type !== undefined && (signal !== 'spans' || type === JSON_TYPE)
      if (!allowed) throw wrongType(signal)
      const { body, status } = await take(c, signal, type, surroundings)
      return c.body(body as string | Uint8Array<ArrayBuffer>, status as 200, { 'content-type': type })
    } catch (error) {
      const refusal = refusalOf(error)
      const headers = { ...refusal.headers, ...(UNREAD.has(refusal.status) && { connection: 'close' }) }
      if (signal === 'spans') return c.json(refusalBody(refusal), refusal.status as 400, headers)
      const inType = type ?? JSON_TYPE
      const body = encodeStatus(inType, CODES[refusal.status] ?? INTERNAL, refusal.message) as Uint8Array<ArrayBuffer>
      return c.body(body, refusal.status as 400, { ...headers, 'content-type': inType })
    }
  }
}

/** With these the rest of the body is not read, so that nothing further can come over the connection. */
const UNREAD: ReadonlySet<number> = new Set([401, 403, 413, 415, 429])

/** `google.rpc.Code` by status of HTTP. */
const CODES: Readonly<Record<number, number>> = { 400: 3, 401: 16, 403: 7, 413: 8, 415: 3, 429: 8, 503: 14 }
const INTERNAL = 13

async function take(
  c: Context,
  signal: Incoming['signal'],
  type: ContentType,
  { store, doorkeeper, limits, pending, metrics }: IngestSurroundings,
): Promise<IngestAnswer> {
  const authorization = c.req.header('authorization')
  const { namespace } = await doorkeeper.admit(authorization, c.req.query('namespace'))
  if (authorization === undefined) checkHost(c.req.header('host'))
  const begun = performance.now()
  const given = c.req.header('content-length')
  const length = given === undefined ? undefined : Number(given)
  using reserved = pending.take(Math.min(length ?? limits.maxBody, limits.maxBody))
  // Not hono's `body`: the web's streams take as long as all else here.
  const { incoming } = c.env as HttpBindings
  const encoding = (c.req.header('content-encoding') ?? '').trim().toLowerCase()
  const body = await readBody({ body: incoming.iterator({ destroyOnReturn: false }), length, encoding }, limits)
  const { byteLength } = body
  reserved.resize(byteLength)
  const answer = await store.receive({ namespace, signal, type, body })
  metrics.ingested(answer.accepted, answer.refused, byteLength, (performance.now() - begun) / 1_000)
  return answer
}

function typeOf(header: string | undefined): ContentType | undefined {
  const type = header?.split(';')[0]?.trim().toLowerCase()
  return type === PROTOBUF || type === JSON_TYPE ? type : undefined
}

function wrongType(signal: Incoming['signal']): Refusal {
  return new Refusal(415, `content-type has to be ${signal === 'spans' ? JSON_TYPE : `${PROTOBUF} or ${JSON_TYPE}`}`)
}
