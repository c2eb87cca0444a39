/** Posts as the exporter makes them, prepared before anything is measured. */
import { Agent, request } from 'node:http'
import { compress } from '../../runtime/exporters/compression.ts'
import type { SpanBatch } from '../../store/index.ts'
import { BATCH, Workload } from './workload.ts'

export const CONNECTIONS = 4

export interface Post {
  readonly body: Uint8Array
  readonly headers: Readonly<Record<string, string>>
}

/** With random span ids, as from OpenTelemetry. */
export async function postsOf(count: number, seed: number): Promise<Post[]> {
  const start = 1_795_359_600_000_000_000n + BigInt(seed) * 3_600_000_000_000n
  const workload = new Workload(seed, start, 'random')
  const posts: Post[] = []
  for (let i = 0; i < count; i++) posts.push(await compress(Buffer.from(textOf(workload.next())), 'zstd'))
  return posts
}

/** As docs/receiver-protocol.md has it. */
function textOf({ tags, run, spans }: SpanBatch): string {
  const plain = spans.map(({ site, ...span }) => {
    const { parameters: _, options: __, ...kept } = site ?? { parameters: [], options: {} }
    return { ...span, ...(site && { site: kept }) }
  })
  return JSON.stringify({ tags, run, spans: plain }, (_, value) => (typeof value === 'bigint' ? String(value) : value))
}

/** Resolves when all are acknowledged. */
export async function send(url: string, posts: readonly Post[]): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
  const waiting = posts.values()
  const sendAll = async (): Promise<void> => {
    for (const post of waiting) await sendOne(url, post, agent)
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, sendAll))
  agent.destroy()
}

function sendOne(url: string, { body, headers }: Post, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const all = { ...headers, 'content-type': 'application/json', 'content-length': body.byteLength }
    const sent = request(`${url}/v1/spans`, { method: 'POST', agent, headers: all }, response => {
      const chunks: Buffer[] = []
      response.on('data', chunk => chunks.push(chunk))
      response.on('end', () => {
        const { accepted } = response.statusCode === 200 ? JSON.parse(Buffer.concat(chunks).toString()) : {}
        if (accepted === BATCH) resolve()
        else reject(new Error(`not taken: ${response.statusCode} ${Buffer.concat(chunks)}`))
      })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
