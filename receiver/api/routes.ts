import * as v from 'valibot'
import type { TraceStatus } from '../../store/trace-status.ts'
import type { TraceStore } from '../../store/trace-store.ts'
import * as f from './fields.ts'

/** A method of the store with what it is asked. */
export type Call = {
  [M in keyof TraceStore]: readonly [method: M, ...parameters: Parameters<TraceStore[M]>]
}[keyof TraceStore]

/** Fields of a query, by name: texts, and lists of texts. */
type Fields = v.ObjectEntries

export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** `{…}`: a parameter. */
  readonly path: string
  readonly summary: string
  readonly query: Fields
  readonly body?: v.GenericSchema
  /** Of all namespaces: for a key of an administrator. */
  readonly admin?: true
  /** Of the answer, in the document. */
  readonly answer: string
  call(asked: Asked): Call
}

export interface Asked {
  readonly namespace: string
  /** Parameters of the path. */
  readonly at: Readonly<Record<string, string>>
  /** As the schemas made it. */
  readonly query: Readonly<Record<string, unknown>>
  readonly body: unknown
}

/** The query of a route, as its schemas leave it. */
type Query<F extends Fields> = v.InferOutput<v.StrictObjectSchema<F, undefined>>

interface Definition<F extends Fields, B extends v.GenericSchema> {
  readonly query?: F
  readonly body?: B
  readonly admin?: true
  readonly answer: string
  readonly call: (asked: Omit<Asked, 'query' | 'body'> & { query: Query<F>; body: v.InferOutput<B> }) => Call
}

function route<const F extends Fields, B extends v.GenericSchema = v.GenericSchema<undefined>>(
  place: `${Route['method']} /api/${string}`,
  summary: string,
  { query, body, admin, answer, call }: Definition<F, B>,
): Route {
  const [method, path] = place.split(' ') as [Route['method'], string]
  const further = { ...(body && { body }), ...(admin && { admin }) }
  return { method, path, summary, query: query ?? {}, answer, ...further, call: call as Route['call'] }
}

/** All that can be asked of a receiver: what `TraceStore` answers, over HTTP. */
export const ROUTES: readonly Route[] = [
  route('GET /api/traces', 'Traces, the newest first', {
    query: {
      ...f.traceFilter,
      name: v.exactOptional(f.name),
      text: v.exactOptional(f.words),
      limit: v.exactOptional(f.limit),
    },
    answer: 'list of TraceSummary',
    call: ({ namespace, query }) => ['traces', namespace, filterOf(query)],
  }),
  route('GET /api/traces/{id}', 'A trace by its ksuid, its 32 hex digits, or the beginning of either', {
    answer: 'TraceLookup',
    call: ({ namespace, at }) => ['trace', namespace, at['id'] as string],
  }),
  route('GET /api/dashboard', 'How many traces of which name and status there are', {
    query: f.traceFilter,
    answer: 'list of DashboardRow',
    call: ({ namespace, query }) => ['dashboard', namespace, filterOf(query)],
  }),
  route('GET /api/references/{id}', 'Spans that made or named a message’s reference', {
    answer: 'list of ReferenceUse',
    call: ({ namespace, at }) => ['references', namespace, at['id'] as string],
  }),
  route('GET /api/errors', 'Groups of errors, the last seen first', {
    query: {
      state: v.exactOptional(f.states),
      since: v.exactOptional(f.milliseconds),
      silenced: v.exactOptional(f.flag),
      limit: v.exactOptional(f.limit),
    },
    answer: 'list of ErrorGroup',
    call: ({ namespace, query: { state, ...rest } }) => [
      'errorGroups',
      namespace,
      { ...rest, ...(state && { states: state }) },
    ],
  }),
  route('GET /api/errors/{number}', 'A group of errors', {
    answer: 'ErrorGroup',
    call: ({ namespace, at }) => ['errorGroup', namespace, numberOf(at)],
  }),
  route('POST /api/errors/{number}/annotations', 'Mark a group; it holds for what arrives from then on', {
    body: f.annotation,
    answer: 'ErrorGroup',
    call: ({ namespace, at, body }) => ['annotate', namespace, numberOf(at), body],
  }),
  route('DELETE /api/errors/{number}/annotations/last', 'Take back the last annotation', {
    answer: 'ErrorGroup',
    call: ({ namespace, at }) => ['undo', namespace, numberOf(at)],
  }),
  route('POST /api/errors/{number}/merge', 'Put a group into another', {
    body: f.mergeInto,
    answer: 'ErrorGroup',
    call: ({ namespace, at, body }) => ['merge', namespace, numberOf(at), body.into],
  }),
  route('POST /api/errors/{number}/unmerge', 'Take a group out of the one that it was put into', {
    answer: 'ErrorGroup',
    call: ({ namespace, at }) => ['unmerge', namespace, numberOf(at)],
  }),
  route('GET /api/functions', 'How long functions take, by version; what took most time in sum first', {
    query: {
      version: v.exactOptional(f.label),
      since: v.exactOptional(f.nanoseconds),
      until: v.exactOptional(f.nanoseconds),
      limit: v.exactOptional(f.limit),
    },
    answer: 'list of FunctionLatency',
    call: ({ namespace, query }) => ['functions', namespace, query],
  }),
  route('GET /api/slow', 'Spans that took far longer than their function usually does', {
    query: { since: v.exactOptional(f.nanoseconds), limit: v.exactOptional(f.limit) },
    answer: 'list of SlowSpan',
    call: ({ namespace, query }) => ['slowSpans', namespace, query],
  }),
  route('GET /api/regressions', 'Functions that take longer in a version than in all others', {
    query: { version: f.label },
    answer: 'list of Regression',
    call: ({ namespace, query: { version } }) => ['regressions', namespace, version],
  }),
  route('GET /api/health', 'What fails, what is new, what got slower, what stopped', {
    query: { since: f.nanoseconds, until: f.nanoseconds },
    answer: 'HealthFigures',
    call: ({ namespace, query: { since, until } }) => ['health', namespace, { since, until }],
  }),
  route('GET /api/users/{name}', 'The namespace that a user looked at last', {
    answer: 'User',
    admin: true,
    call: ({ at }) => ['user', at['name'] as string],
  }),
  route('POST /api/users/{name}/visits', 'A user looks at the namespace', {
    answer: 'null',
    admin: true,
    call: ({ namespace, at }) => ['visit', at['name'] as string, namespace],
  }),
  route('GET /api/namespaces', 'The namespaces that the key opens', {
    answer: 'list of NamespaceSummary',
    call: () => ['namespaces'],
  }),
  route('GET /api/stats', 'What the store takes', { answer: 'StoreStats', admin: true, call: () => ['stats'] }),
  route('GET /api/keys', 'API keys of all namespaces, or of one', {
    query: { of: v.exactOptional(f.label) },
    answer: 'list of ApiKey',
    admin: true,
    call: ({ query: { of } }) => ['keys', of],
  }),
  route('POST /api/keys', 'A new API key, which is told this once', {
    body: f.newKey,
    answer: 'NewApiKey',
    admin: true,
    call: ({ namespace, body }) => ['createKey', body.namespace ?? namespace, body.label],
  }),
  route('DELETE /api/keys/{id}', 'Revoke an API key', {
    answer: 'null',
    admin: true,
    call: ({ at }) => ['revokeKey', at['id'] as string],
  }),
]

function filterOf<T extends { readonly tag?: string[]; readonly status?: TraceStatus[] }>({ tag, status, ...rest }: T) {
  const tags = tag?.map(each => [each.slice(0, each.indexOf('=')), each.slice(each.indexOf('=') + 1)])
  return { ...rest, ...(tags && { tags: Object.fromEntries(tags) }), ...(status && { statuses: status }) }
}

/** Digits, as the router has seen to. */
function numberOf(at: Asked['at']): number {
  return Number(at['number'])
}
