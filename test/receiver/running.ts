import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Receiver, startReceiver } from '../../receiver/index.ts'
import type { Limits } from '../../receiver/limits.ts'
import { answerOf } from '../../store/answer-json.ts'
import { SqliteStore } from '../../store/index.ts'

const root = realpathSync(mkdtempSync(join(tmpdir(), 'span-tree-receive-')))
process.once('exit', () => rmSync(root, { recursive: true, force: true }))
let files = 0

export const newFile = (): string => join(root, `${++files}.db`)

export interface Answered<T> {
  readonly status: number
  readonly headers: Headers
  readonly body: T
}

export interface Asked {
  readonly key?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** A receiver in this process, and what is said to it. */
export class Running {
  readonly url: string
  readonly file: string
  readonly #receiver: Receiver

  constructor(receiver: Receiver, file: string) {
    this.#receiver = receiver
    this.url = receiver.url
    this.file = file
  }

  static async start(
    limits: Partial<Limits> = {},
    { file = newFile(), host = '127.0.0.1', origins = [] as readonly string[] } = {},
  ): Promise<Running> {
    return new Running(await startReceiver({ file, port: 0, host, version: '0', limits, origins }), file)
  }

  /** Posts JSON, or what is given with a content type. */
  post<T = { accepted: number; refused: { index: number; reason: string }[] }>(
    path: string,
    body: unknown,
    { key, headers }: Asked = {},
  ): Promise<Answered<T>> {
    const given = body instanceof Uint8Array || typeof body === 'string' ? body : JSON.stringify(body)
    return this.#ask(path, {
      method: 'POST',
      body: given as NonNullable<RequestInit['body']>,
      headers: { 'content-type': 'application/json', ...authorization(key), ...headers },
    })
  }

  get<T = unknown>(path: string, { key, headers }: Asked = {}): Promise<Answered<T>> {
    return this.#ask(path, { headers: { ...authorization(key), ...headers } })
  }

  delete<T = unknown>(path: string, { key }: Asked = {}): Promise<Answered<T>> {
    return this.#ask(path, { method: 'DELETE', headers: authorization(key) })
  }

  /** Makes a key as `span-tree keys` does, beside the running receiver. */
  async key(namespace: string): Promise<{ readonly id: string; readonly key: string }> {
    const store = new SqliteStore(this.file)
    try {
      return await store.createKey(namespace, '')
    } finally {
      await store.close()
    }
  }

  close(): Promise<void> {
    return this.#receiver.close()
  }

  async #ask<T>(path: string, init: RequestInit): Promise<Answered<T>> {
    const response = await fetch(this.url + path, init)
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.startsWith('application/json')
    return { status: response.status, headers: response.headers, body: isJson ? answerOf<T>(text) : (text as T) }
  }
}

function authorization(key: string | undefined): Record<string, string> {
  return key === undefined ? {} : { authorization: `Bearer ${key}` }
}

let spans = 0

/** A span of docs/receiver-protocol.md. */
export function wireSpan(fields: object = {}): Record<string, unknown> {
  return {
    traceId: '3MTTjFEKX2rNbXV9yOaI4c7F0pU',
    rev: '4613481378027087900',
    id: (++spans + 0x1000_0000_0000).toString(16).padStart(16, '0'),
    name: 'checkout',
    kind: 'internal',
    status: 'succeeded',
    level: 'info',
    startTime: '1795359600000000000',
    endTime: '1795359600012000000',
    attributes: {},
    messages: [],
    handledErrors: [],
    ...fields,
  }
}

export function payload(...all: object[]): object {
  return { tags: { app: 'shop' }, spans: all }
}
