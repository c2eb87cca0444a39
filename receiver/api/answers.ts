/** JSON Schema of answers, for the OpenAPI document; a test holds what is answered to them. */

type Json = Readonly<Record<string, unknown>>

const text = { type: 'string' }
const integer = { type: 'integer' }
const number = { type: 'number' }
const boolean = { type: 'boolean' }
/** Nanoseconds: of the Unix epoch, or a duration. */
const big = { type: 'string', pattern: '^-?\\d+$' }
const texts = { type: 'object', additionalProperties: text }
const any = {}
const list = (items: Json): Json => ({ type: 'array', items })
const to = (name: string): Json => ({ $ref: `#/components/schemas/${name}` })

/** An object; names that end with `?` may be absent. */
function object(fields: Readonly<Record<string, Json>>): Json {
  const names = Object.keys(fields)
  return {
    type: 'object',
    properties: Object.fromEntries(names.map(name => [name.replace('?', ''), fields[name]])),
    required: names.filter(name => !name.endsWith('?')),
  }
}

const place = object({ traceId: text, spanId: text })
const counts = { type: 'object', additionalProperties: integer }

export const ANSWERS: Readonly<Record<string, Json>> = {
  Payload: object({ tags: texts, 'run?': integer, 'health?': { type: 'object' }, spans: list({ type: 'object' }) }),
  Taken: object({ accepted: integer, 'refused?': list(object({ index: integer, reason: text })) }),
  Refused: object({ error: object({ message: text, 'issues?': list(object({ path: text, message: text })) }) }),
  TraceSummary: object({
    traceId: text,
    name: text,
    status: text,
    slow: boolean,
    start: big,
    'duration?': big,
    spans: integer,
    errors: integer,
    tags: texts,
  }),
  TraceLookup: {
    oneOf: [
      object({
        kind: { const: 'found' },
        summary: to('TraceSummary'),
        trees: list(object({ traceId: text, 'late?': boolean, 'remote?': boolean, spans: list(to('Span')) })),
      }),
      object({ kind: { const: 'ambiguous' }, traceIds: list(text) }),
      object({ kind: { const: 'none' } }),
    ],
  },
  Span: object({
    id: text,
    'parentId?': text,
    name: text,
    kind: text,
    status: text,
    level: text,
    startTime: big,
    'endTime?': big,
    'site?': { type: 'object' },
    attributes: { type: 'object' },
    messages: list({ type: 'object' }),
    handledErrors: list({ type: 'object' }),
    'exitError?': { type: 'object' },
  }),
  DashboardRow: object({ name: text, status: text, count: integer, last: big }),
  ReferenceUse: object({ role: text, traceId: text, spanId: text }),
  ErrorGroup: object({
    id: integer,
    type: text,
    message: text,
    'siteId?': text,
    groupedBy: text,
    because: text,
    state: text,
    handling: { type: 'object' },
    marks: { type: 'object' },
    'note?': text,
    count: integer,
    first: number,
    last: number,
    'firstVersion?': text,
    'lastVersion?': text,
    'lastTraceId?': text,
    merged: list(integer),
  }),
  FunctionLatency: object({
    id: text,
    name: text,
    version: text,
    count: integer,
    total: any,
    p50: any,
    p99: any,
    slowest: { type: 'object' },
  }),
  SlowSpan: object({ traceId: text, spanId: text, name: text, start: big, duration: big, p50: big, p99: big }),
  Regression: object({
    id: text,
    name: text,
    version: text,
    quantile: text,
    before: number,
    now: number,
    'growth?': list(object({ 'id?': text, 'name?': text, before: number, now: number })),
    'example?': place,
    'exampleBefore?': place,
  }),
  HealthFigures: object({
    now: counts,
    before: counts,
    newErrors: list(to('ErrorGroup')),
    recurringErrors: list(to('ErrorGroup')),
    stopped: list(object({ name: text, last: big })),
    regressions: list(to('Regression')),
    senders: list(object({ tags: texts, 'run?': integer, last: number, health: { type: 'object' } })),
  }),
  NamespaceSummary: object({
    name: text,
    created: number,
    traces: integer,
    'last?': big,
    apps: list(object({ app: text, versions: list(text) })),
  }),
  User: object({ name: text, lastNamespace: text, lastAccess: number }),
  StoreStats: object({
    bytes: integer,
    unusedBytes: integer,
    traces: integer,
    namespaces: integer,
    pendingText: integer,
  }),
  ApiKey: object({ id: text, namespace: text, label: text, created: number, 'revoked?': number }),
  NewApiKey: object({ id: text, key: text }),
}
