import { setTimeout as sleep } from 'node:timers/promises'
import { requestBody, spansUrl } from '../../runtime/exporters/receiver-protocol.ts'
import { spanFields, stringify } from '../../runtime/exporters/span-fields.ts'
import { answerOf } from '../../store/answer-json.ts'
import type { SpanBatch, SpanRecord } from '../../store/span-record.ts'
import { StoreError, type StoreErrorCode } from '../../store/store-error.ts'
import type {
  ErrorGroup,
  ErrorGroupQuery,
  TraceFilter,
  TraceLookup,
  TraceQuery,
  User,
  WriteResult,
} from '../../store/trace-store.ts'
import type { TraceClient } from './trace-client.ts'

/** Milliseconds for one answer. */
const TIMEOUT = 30_000

/** What a receiver takes in one request: spans of a trace that is larger are sent in several. */
const MAX_SPANS = 1_000

/** Of one request to a receiver that is busy; pauses between them double from twice so many milliseconds. */
const MAX_ATTEMPTS = 7
const FIRST_PAUSE = 100

type Field = string | number | bigint | boolean | readonly string[] | undefined

interface Asked {
  readonly namespace?: string
  readonly query?: Readonly<Record<string, Field>>
  readonly method?: 'POST' | 'DELETE'
  readonly body?: object | Buffer
}

/** A receiver's traces, by its API (its /openapi.json tells of it). */
export function httpClient(url: string, key: string | undefined): TraceClient {
  const base = baseOf(url)
  const ask = <T>(path: string, asked: Asked = {}): Promise<T> => request<T>(base, key, path, asked)
  const group = (namespace: string, path: string, method: 'POST' | 'DELETE', body?: object): Promise<ErrorGroup> =>
    ask(`/api/errors/${path}`, { namespace, method, ...(body && { body }) })
  return {
    trace: (namespace, id) =>
      ask<TraceLookup>(`/api/traces/${encodeURIComponent(id)}`, { namespace }).catch(
        where([404], { kind: 'none' } as const),
      ),
    traces: (namespace, query = {}) => ask('/api/traces', { namespace, query: traceFields(query) }),
    dashboard: (namespace, filter = {}) => ask('/api/dashboard', { namespace, query: traceFields(filter) }),
    references: (namespace, id) => ask(`/api/references/${encodeURIComponent(id)}`, { namespace }),
    namespaces: () => ask('/api/namespaces'),
    health: (namespace, { since, until }) => ask('/api/health', { namespace, query: { since, until } }),
    errorGroups: (namespace, query = {}) => ask('/api/errors', { namespace, query: groupFields(query) }),
    errorGroup: (namespace, id) =>
      ask<ErrorGroup | null>(`/api/errors/${id}`, { namespace }).then(
        found => found ?? undefined,
        where([404], undefined),
      ),
    annotate: (namespace, id, annotation) => group(namespace, `${id}/annotations`, 'POST', annotation),
    undo: (namespace, id) => group(namespace, `${id}/annotations/last`, 'DELETE'),
    merge: (namespace, id, into) => group(namespace, `${id}/merge`, 'POST', { into }),
    unmerge: (namespace, id) => group(namespace, `${id}/unmerge`, 'POST', {}),
    functions: (namespace, query = {}) => ask('/api/functions', { namespace, query: { ...query } }),
    slowSpans: (namespace, query = {}) => ask('/api/slow', { namespace, query: { ...query } }),
    regressions: (namespace, version) => ask('/api/regressions', { namespace, query: { version } }),
    write: batch => write(ask, batch),
    // Only whoever may see all namespaces has one to remember.
    user: name => ask<User | null>(userPath(name)).then(found => found ?? undefined, where([403, 404], undefined)),
    visit: (name, namespace) =>
      ask<void>(`${userPath(name)}/visits`, { namespace, method: 'POST' }).catch(where([403], undefined)),
    close: async () => {},
  }
}

function baseOf(url: string): string {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url))
    throw new StoreError('invalid', `a receiver's URL begins with http:// or https://: ${url}`)
  return spansUrl(url).slice(0, -'/v1/spans'.length)
}

/** What the API calls what a query asks for. */
function traceFields({ tags = {}, statuses, ...rest }: TraceFilter & TraceQuery): Record<string, Field> {
  return { ...rest, tag: Object.entries(tags).map(([name, value]) => `${name}=${value}`), status: statuses }
}

function groupFields({ states, ...rest }: ErrorGroupQuery): Record<string, Field> {
  return { ...rest, state: states }
}

type Ask = <T>(path: string, asked?: Asked) => Promise<T>

async function write(ask: Ask, { namespace, tags, run, health, spans }: SpanBatch): Promise<WriteResult> {
  const head = { tags, ...(run !== undefined && { run }), ...(health && { health }) }
  const refused: { index: number; reason: string }[] = []
  let accepted = 0
  for (let from = 0; from < spans.length; from += MAX_SPANS) {
    const body = requestBody(
      head,
      spans.slice(from, from + MAX_SPANS).map(span => Buffer.from(wireSpan(span))),
    )
    const answer = await patiently(() => ask<Partial<WriteResult>>('/v1/spans', { namespace, method: 'POST', body }))
    accepted += answer.accepted ?? 0
    for (const { index, reason } of answer.refused ?? []) refused.push({ index: from + index, reason })
  }
  return { accepted, refused }
}

/** A receiver that has much to do says so, and takes the same again a moment later. */
async function patiently<T>(send: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await send()
    } catch (error) {
      if (!(error instanceof AnswerError && error.code === 'busy') || attempt === MAX_ATTEMPTS) throw error
      await sleep(FIRST_PAUSE * 2 ** attempt)
    }
  }
}

function wireSpan(record: SpanRecord): string {
  const { traceId, rev, late, remote } = record
  return stringify({ traceId, rev: String(rev), late, remote, ...spanFields({ ...record, children: [] }, false) })
}

class AnswerError extends StoreError {
  readonly status: number

  constructor(status: number, code: StoreErrorCode, message: string) {
    super(code, message)
    this.status = status
  }
}

async function request<T>(base: string, key: string | undefined, path: string, asked: Asked): Promise<T> {
  const { namespace, query = {}, method = 'GET', body } = asked
  const url = new URL(base + path)
  // Without one the receiver goes by the key.
  if (namespace) url.searchParams.set('namespace', namespace)
  for (const [name, value] of Object.entries(query)) addField(url, name, value)
  const { ok, status, text } = await send(url, {
    method,
    headers: headersOf(key, body !== undefined),
    signal: AbortSignal.timeout(TIMEOUT),
    ...(body !== undefined && { body: Buffer.isBuffer(body) ? new Uint8Array(body) : JSON.stringify(body) }),
  })
  if (!ok) throw refusal(status, text, base)
  return text === '' ? (undefined as T) : parsed(text, base)
}

function addField(url: URL, name: string, value: Field): void {
  if (value === undefined) return
  for (const each of Array.isArray(value) ? value : [value]) url.searchParams.append(name, String(each))
}

function headersOf(key: string | undefined, hasBody: boolean): Record<string, string> {
  return {
    ...(key !== undefined && { authorization: `Bearer ${key}` }),
    ...(hasBody && { 'content-type': 'application/json' }),
  }
}

/** A receiver may also go while it answers. */
async function send(url: URL, init: RequestInit): Promise<{ ok: boolean; status: number; text: string }> {
  try {
    const response = await fetch(url, init)
    return { ok: response.ok, status: response.status, text: await response.text() }
  } catch (error) {
    const { message, cause } = error as Error
    const why = cause instanceof Error && cause.message !== '' ? cause.message : message
    throw new StoreError('io', `no answer from ${url.origin}: ${why}`, error)
  }
}

function parsed<T>(text: string, base: string): T {
  try {
    return answerOf<T>(text)
  } catch {
    throw new StoreError('foreign', `${base} is no receiver of span-tree: its answer is no JSON`)
  }
}

function refusal(status: number, text: string, base: string): AnswerError {
  const code: StoreErrorCode = status === 429 || status === 503 ? 'busy' : status >= 500 ? 'io' : 'invalid'
  const said = messageIn(text) ?? `the answer is ${status}`
  const hint = status === 401 || status === 403 ? ' (--key, or SPAN_TREE_API_KEY)' : ''
  return new AnswerError(status, code, `${base}: ${said}${hint}`)
}

function messageIn(text: string): string | undefined {
  try {
    const { error } = JSON.parse(text) as { error?: { message?: unknown } }
    return typeof error?.message === 'string' ? error.message : undefined
  } catch {
    return undefined
  }
}

function userPath(name: string): string {
  return `/api/users/${encodeURIComponent(name)}`
}

/** What an answer of such a status stands for. */
function where<T>(statuses: readonly number[], fallback: T): (error: unknown) => T {
  return error => {
    if (error instanceof AnswerError && statuses.includes(error.status)) return fallback
    throw error
  }
}
