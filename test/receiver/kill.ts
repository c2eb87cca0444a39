import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { newTraceId } from '../../model/index.ts'
import { SqliteStore } from '../../store/index.ts'
import { serve } from './child.ts'
import { payload, wireSpan } from './running.ts'

const CLIENTS = 4
const SPANS = 50

/** What clients know of what they sent, by trace: each trace is one post. */
export interface Sent {
  readonly acknowledged: Set<string>
  readonly attempted: Set<string>
}

export interface Kept {
  /** Acknowledged traces of which a span is missing, or is there twice. */
  readonly wrong: readonly string[]
  readonly acknowledged: number
  /** Traces that were kept, though nobody heard of it. */
  readonly unheard: number
}

/**
 * Kills a receiver by `kill -9` under load, `times` times, each time after `after()` milliseconds of it; then looks at what it kept. What
 * was not acknowledged is sent again to the next, as exporters do, so that copies come too.
 */
export async function killUnderLoad(file: string, times: number, after: () => number): Promise<Kept> {
  const sent: Sent = { acknowledged: new Set(), attempted: new Set() }
  for (let i = 0; i < times; i++) {
    const served = await serve(file)
    const waiting = [...sent.attempted].filter(trace => !sent.acknowledged.has(trace))
    const stopped = new AbortController()
    const clients = Array.from({ length: CLIENTS }, () => client(served.url, sent, waiting, stopped.signal))
    // Not before it has begun to keep.
    await Promise.race([atLeast(sent.acknowledged, (i + 1) * 5), ...clients])
    await delay(after())
    await served.stop('SIGKILL')
    stopped.abort()
    await Promise.all(clients)
  }
  return keptOf(file, sent)
}

async function atLeast(set: ReadonlySet<string>, size: number): Promise<void> {
  while (set.size < size) await delay(5)
}

/** Posts until nobody answers. */
async function client(url: string, sent: Sent, waiting: string[], stopped: AbortSignal): Promise<void> {
  const agent = new Agent({ keepAlive: true })
  while (!stopped.aborted) {
    const traceId = waiting.pop() ?? newTraceId(Date.now())
    sent.attempted.add(traceId)
    try {
      const answer = await post(url, bodyOf(traceId), agent)
      if (answer.status === 200 && answer.accepted === SPANS) sent.acknowledged.add(traceId)
      else if (answer.status === 200) throw new TypeError(`accepted ${answer.accepted} of ${SPANS}`)
    } catch (error) {
      if (error instanceof TypeError) throw error
      break
    }
  }
  agent.destroy()
}

function bodyOf(traceId: string): string {
  const spans = Array.from({ length: SPANS }, (_, i) =>
    wireSpan({ traceId, id: (i + 1).toString(16).padStart(16, '0'), ...(i > 0 && { parentId: '0000000000000001' }) }),
  )
  return JSON.stringify(payload(...spans))
}

async function post(url: string, body: string, agent: Agent): Promise<{ status: number; accepted: number }> {
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
  const sent = request(`${url}/v1/spans`, { method: 'POST', agent, headers }).end(body)
  const [response] = await once(sent, 'response')
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk)
  const status = response.statusCode as number
  return { status, accepted: status === 200 ? JSON.parse(Buffer.concat(chunks).toString()).accepted : 0 }
}

async function keptOf(file: string, { acknowledged, attempted }: Sent): Promise<Kept> {
  const store = new SqliteStore(file, { readOnly: true })
  const wrong: string[] = []
  let unheard = 0
  for (const traceId of attempted) {
    const found = await store.trace('default', traceId)
    const isWhole =
      found.kind === 'found' && found.summary.spans === SPANS && found.trees[0]?.root.children.length === SPANS - 1
    if (acknowledged.has(traceId) && !isWhole) wrong.push(traceId)
    // A post is kept wholly or not at all.
    if (!acknowledged.has(traceId) && found.kind === 'found') isWhole ? unheard++ : wrong.push(traceId)
  }
  const traces = (await store.stats()).traces
  await store.close()
  if (traces !== acknowledged.size + unheard) wrong.push(`${traces} traces in all`)
  return { wrong, acknowledged: acknowledged.size, unheard }
}
