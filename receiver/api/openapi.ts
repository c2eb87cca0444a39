import type * as v from 'valibot'
import { ANSWERS } from './answers.ts'
import { ROUTES, type Route } from './routes.ts'

type Json = Readonly<Record<string, unknown>>

/** OpenAPI 3.1 of all that a receiver takes and answers, from the very schemas that judge requests. */
export function openapi(version: string): Json {
  const paths: Record<string, Record<string, Json>> = {}
  for (const each of ROUTES) {
    paths[each.path] ??= {}
    ;(paths[each.path] as Record<string, Json>)[each.method.toLowerCase()] = operation(each)
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'span-tree receiver',
      version,
      description:
        'Integers beyond 2⁵³ (nanoseconds, revisions) are decimal texts. A tree is the list of its spans, parents first.',
    },
    security: [{ key: [] }],
    paths: { ...INGEST, ...paths, ...OTHERS },
    components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } }, schemas: ANSWERS },
  }
}

function operation({ method, path, summary, query, body, answer, admin }: Route): Json {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: name === 'number' ? 'integer' : 'string' },
  }))
  const namespace = {
    name: 'namespace',
    in: 'query',
    schema: { type: 'string' },
    description: 'For an administrator’s key',
  }
  return {
    operationId: `${method.toLowerCase()}${path.replace(/^\/api|[{}]/g, '').replace(/\/(\w)/g, (_, c) => c.toUpperCase())}`,
    summary: admin ? `${summary} (administrators)` : summary,
    parameters: [...inPath, ...Object.entries(query).map(queryParameter), namespace],
    ...(body && { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(body) } } } }),
    responses: {
      200: { description: answer, content: { 'application/json': { schema: answerSchema(answer) } } },
      ...ERRORS,
    },
  }
}

function queryParameter([name, schema]: [string, Schema]): Json {
  return { name, in: 'query', required: !isOptional(schema), schema: schemaOf(schema) }
}

function isOptional({ type }: Schema): boolean {
  return type === 'optional' || type === 'exact_optional'
}

function answerSchema(answer: string): Json {
  if (answer === 'null') return { type: 'null' }
  const [, of] = /^list of (\w+)$/.exec(answer) ?? []
  return of === undefined ? reference(answer) : { type: 'array', items: reference(of) }
}

function reference(name: string): Json {
  return { $ref: `#/components/schemas/${name}` }
}

type Schema = v.GenericSchema | v.ObjectEntries[string]

interface Parts {
  readonly type: string
  readonly wrapped?: Schema
  readonly item?: Schema
  readonly options?: readonly unknown[]
  readonly entries?: v.ObjectEntries
  readonly literal?: unknown
  readonly pipe?: readonly {
    readonly kind: string
    readonly type: string
    readonly requirement?: unknown
    readonly description?: string
  }[]
}

/** Those of valibot's schemas that routes are made of, as JSON Schema. */
export function schemaOf(schema: Schema): Json {
  const parts = schema as unknown as Parts
  return { ...typeOf(parts), ...constraintsOf(parts) }
}

function typeOf({ type, wrapped, item, options = [], entries = {}, literal }: Parts): Json {
  switch (type) {
    case 'optional':
    case 'exact_optional':
      return schemaOf(wrapped as Schema)
    case 'array':
      return { type: 'array', items: schemaOf(item as Schema) }
    case 'picklist':
      return { enum: options }
    case 'literal':
      return { const: literal }
    case 'union':
    case 'variant':
      return { oneOf: options.map(each => schemaOf(each as Schema)) }
    case 'strict_object': {
      const required = Object.entries(entries).filter(([, each]) => !isOptional(each))
      const properties = Object.fromEntries(Object.entries(entries).map(([name, each]) => [name, schemaOf(each)]))
      return { type: 'object', properties, required: required.map(([name]) => name), additionalProperties: false }
    }
    case 'number':
      return { type: 'integer' }
    default:
      return { type }
  }
}

function constraintsOf({ pipe = [] }: Parts): Json {
  const constraints: Record<string, unknown> = {}
  for (const { type, requirement, description } of pipe) {
    if (type === 'regex' || type === 'digits') constraints['pattern'] = (requirement as RegExp).source
    if (type === 'description') constraints['description'] = description
    if (type === 'max_length') constraints['maxLength'] = requirement
    if (type === 'min_length') constraints['minLength'] = requirement
  }
  return constraints
}

const ERRORS: Json = Object.fromEntries(
  ['400', '401', '403', '404', '429', '503'].map(status => [
    status,
    { description: 'Refused', content: { 'application/json': { schema: reference('Refused') } } },
  ]),
)

const otlp = (signal: string): Json => ({
  post: {
    operationId: `otlp-${signal}`,
    summary: `OTLP ${signal}; the answer is written as the request is`,
    requestBody: { required: true, content: { 'application/x-protobuf': {}, 'application/json': {} } },
    responses: { 200: { description: 'Kept, apart from what `partial_success` tells of' }, ...ERRORS },
  },
})

const INGEST: Json = {
  '/v1/spans': {
    post: {
      operationId: 'publish',
      summary: 'Spans, as span-tree publishes them; packed by gzip or zstd, or not',
      requestBody: { required: true, content: { 'application/json': { schema: reference('Payload') } } },
      responses: {
        200: {
          description: 'Kept, apart from what is refused',
          content: { 'application/json': { schema: reference('Taken') } },
        },
        ...ERRORS,
      },
    },
  },
  '/v1/traces': otlp('traces'),
  '/v1/logs': otlp('logs'),
}

const text = (summary: string, type: string): Json => ({
  get: { summary, security: [], responses: { 200: { description: summary, content: { [type]: {} } } } },
})

const OTHERS: Json = {
  '/healthz': text('Whether the receiver can answer', 'application/json'),
  '/metrics': text('Figures for Prometheus', 'text/plain'),
  '/openapi.json': text('This document', 'application/json'),
}
