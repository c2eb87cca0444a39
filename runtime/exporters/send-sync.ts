import { spawnSync } from 'node:child_process'

/** A request that is made while the process ends. */
export interface SyncRequest {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** In the other process: one frame a request, the length of its head (JSON), the head, the body. Prints a line of JSON an answer, up to the first that does not come. */
const SENDER = `
const { readFileSync } = require('node:fs')
const input = readFileSync(0)
const requests = []
for (let at = 0; at < input.length; ) {
  const size = input.readUInt32LE(at)
  const { url, headers, length } = JSON.parse(input.toString('utf8', at + 4, at + 4 + size))
  requests.push({ url, headers, body: input.subarray(at + 4 + size, at += 4 + size + length) })
}
const send = ({ url, headers, body }) => new Promise(resolve => {
  const target = new URL(url)
  const { request } = require(target.protocol === 'https:' ? 'node:https' : 'node:http')
  const sent = request(target, { method: 'POST', headers: { ...headers, 'content-length': body.length } }, answer => {
    const chunks = []
    const end = () => resolve({ status: answer.statusCode, body: Buffer.concat(chunks).toString('utf8', 0, 1 << 20) })
    answer.on('data', chunk => chunks.push(chunk)).on('end', end).on('error', () => resolve())
  })
  sent.on('error', () => resolve()).end(body)
})
const next = async () => {
  for (const each of requests) {
    const answer = await send(each)
    if (answer === undefined) return
    process.stdout.write(JSON.stringify(answer) + '\\n')
  }
}
next()
`

export interface SyncAnswer {
  readonly status: number
  readonly body: string
}

/** See `exchangeSync`. Returns the statuses as far as they are known; 0 where there was no answer. */
export function sendSync(requests: readonly SyncRequest[], timeout: number): number[] {
  const answers = exchangeSync(requests, timeout)
  return requests.map((_, i) => answers[i]?.status ?? 0)
}

/**
 * Posts from another process, which Node can wait for synchronously, `timeout` milliseconds at most: about 60 ms for that, so only
 * for the end of this one. Returns the answers up to the first request that has none. Never throws.
 */
export function exchangeSync(requests: readonly SyncRequest[], timeout: number): SyncAnswer[] {
  if (requests.length === 0) return []
  const frames = requests.flatMap(({ url, headers, body }) => {
    const head = Buffer.from(JSON.stringify({ url, headers, length: body.length }))
    const size = Buffer.alloc(4)
    size.writeUInt32LE(head.length)
    return [size, head, body]
  })
  // Without the hooks that this process was started with.
  const { NODE_OPTIONS: _, ...env } = process.env
  const stdout = senderSays(Buffer.concat(frames), timeout, env)
  // The last line is whole only if the break behind it has come.
  return stdout
    .split('\n')
    .slice(0, -1)
    .map(line => JSON.parse(line) as SyncAnswer)
}

function senderSays(input: Buffer, timeout: number, env: NodeJS.ProcessEnv): string {
  try {
    const sent = spawnSync(process.execPath, ['-e', SENDER], {
      input,
      timeout,
      env,
      stdio: ['pipe', 'pipe', 'ignore'],
      windowsHide: true,
      killSignal: 'SIGKILL',
      maxBuffer: 64 << 20,
    })
    return String(sent.stdout ?? '')
  } catch {
    // Not permitted here.
    return ''
  }
}
