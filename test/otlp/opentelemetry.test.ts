import { createRequire } from 'node:module'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  decodeRequest,
  encodeRequest,
  JSON_TYPE,
  PROTOBUF,
  SCHEMA_URL,
  treesOf,
  type WireSpan,
  wireTree,
} from '../../otlp/index.ts'
import { opentelemetryPackages } from '../support/opentelemetry.ts'
import { PROTOCOL } from './protocol.ts'
import { spanTree } from './trees.ts'

/** OpenTelemetry's own classes, and protobufjs with the protocol's definition. */
let packages: NodeJS.Require

beforeAll(() => {
  packages = createRequire(join(opentelemetryPackages(), 'package.json'))
}, 120_000)

const SOURCE = {
  resource: { 'service.name': 'shop' },
  scope: { name: 'span-tree', version: '1' },
  schemaUrl: SCHEMA_URL,
}

describe.each([
  [PROTOBUF, 'ProtobufTraceSerializer', 'ProtobufLogsSerializer'],
  [JSON_TYPE, 'JsonTraceSerializer', 'JsonLogsSerializer'],
] as const)('%s written by OpenTelemetry’s own classes', (type, traceSerializer, logsSerializer) => {
  test('spans', () => {
    const { TracerProvider, SimpleSpanProcessor, InMemorySpanExporter } = packages('@opentelemetry/sdk-trace')
    const { resourceFromAttributes } = packages('@opentelemetry/resources')
    const exporter = new InMemorySpanExporter()
    const provider = new TracerProvider({
      resource: resourceFromAttributes({ 'service.name': 'shop', 'process.pid': 4 }),
      spanProcessors: [new SimpleSpanProcessor({ exporter })],
    })
    const api = packages('@opentelemetry/api')
    const tracer = provider.getTracer('shop', '2.0')
    const parent = tracer.startSpan('GET /orders', { kind: 1, attributes: { n: 1, f: 0.5, b: true, list: ['a', 'б'] } })
    const inParent = api.trace.setSpan(api.ROOT_CONTEXT, parent)
    const child = tracer.startSpan(
      'query',
      { kind: 2, links: [{ context: parent.spanContext(), attributes: { w: -1 } }] },
      inParent,
    )
    child.recordException(new TypeError('no table'))
    child.addEvent('retry', { attempt: 2 })
    child.setStatus({ code: 2, message: 'no table' })
    child.end()
    parent.end()
    const finished = exporter.getFinishedSpans()
    const [group] = decodeRequest(
      type,
      'traces',
      packages('@opentelemetry/otlp-transformer')[traceSerializer].serializeRequest(finished),
    )
    expect(group).toMatchObject({
      resource: { 'service.name': 'shop', 'process.pid': 4 },
      scope: { name: 'shop', version: '2.0' },
    })
    const nanoseconds = ([s, ns]: [number, number]): bigint => BigInt(s) * 1_000_000_000n + BigInt(ns)
    const [query, get] = group!.records
    expect(get).toMatchObject({
      traceId: parent.spanContext().traceId,
      spanId: parent.spanContext().spanId,
      name: 'GET /orders',
      kind: 2,
      startTime: nanoseconds(finished[1].startTime),
      endTime: nanoseconds(finished[1].endTime),
      attributes: { n: 1, f: 0.5, b: true, list: ['a', 'б'] },
    })
    expect(query).toMatchObject({
      parentSpanId: get!.spanId,
      kind: 3,
      status: { code: 2, message: 'no table' },
      links: [{ traceId: get!.traceId, spanId: get!.spanId, attributes: { w: -1 } }],
      events: [{ name: 'exception' }, { name: 'retry', attributes: { attempt: 2 } }],
    })
    const { trees } = treesOf([group!])
    expect(trees).toHaveLength(1)
    expect(trees[0]!.root.children[0]).toMatchObject({
      name: 'query',
      exitError: { type: 'TypeError', message: 'no table' },
    })
  })

  test('log records', () => {
    const { LoggerProvider, SimpleLogRecordProcessor, InMemoryLogRecordExporter } = packages('@opentelemetry/sdk-logs')
    const exporter = new InMemoryLogRecordExporter()
    const provider = new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter })] })
    const api = packages('@opentelemetry/api')
    const spanContext = { traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), traceFlags: 1 }
    const context = api.trace.setSpanContext(api.ROOT_CONTEXT, spanContext)
    const body = { text: 'hello', deep: [1, { x: null }] }
    provider
      .getLogger('shop')
      .emit({ body, severityNumber: 13, severityText: 'WARN', attributes: { a: 'b' }, context, eventName: 'e' })
    const bytes = packages('@opentelemetry/otlp-transformer')[logsSerializer].serializeRequest(
      exporter.getFinishedLogRecords(),
    )
    expect(decodeRequest(type, 'logs', bytes)[0]!.records[0]).toMatchObject({
      traceId: spanContext.traceId,
      spanId: spanContext.spanId,
      severity: 13,
      severityText: 'WARN',
      eventName: 'e',
      body,
      attributes: { a: 'b' },
    })
  })
})

test('what we write is what the protocol’s definition reads, traces and logs', () => {
  const { parse } = packages('protobufjs')
  const { root } = parse(PROTOCOL)
  const [Traces, Logs] = [root.lookupType('TracesData'), root.lookupType('LogsData')]
  fc.assert(
    fc.property(spanTree, tree => {
      const { spans, logs } = wireTree(tree, 'both', ({ startTime, endTime }) => endTime ?? startTime)
      const traces = encodeRequest(PROTOBUF, 'traces', [{ ...SOURCE, records: spans }])
      const read = plain(Traces, traces)
      expect(spansOf(read).map(idsOf)).toEqual(spans.map(idsOfWire))
      // Written by them, it is the same to us; and so is the other way of writing.
      expect(decodeRequest(PROTOBUF, 'traces', Traces.encode(Traces.decode(traces)).finish())).toEqual(
        decodeRequest(PROTOBUF, 'traces', traces),
      )
      expect(
        decodeRequest(JSON_TYPE, 'traces', encodeRequest(JSON_TYPE, 'traces', [{ ...SOURCE, records: spans }])),
      ).toEqual(decodeRequest(PROTOBUF, 'traces', traces))
      const bytes = encodeRequest(PROTOBUF, 'logs', [{ ...SOURCE, records: logs }])
      expect(decodeRequest(PROTOBUF, 'logs', Logs.encode(Logs.decode(bytes)).finish())).toEqual(
        decodeRequest(PROTOBUF, 'logs', bytes),
      )
    }),
    { numRuns: 10 },
  )
})

interface Message {
  decode(bytes: Uint8Array): object
  toObject(message: object, options: object): Record<string, never>
}

function spansOf(read: Record<string, never>): Record<string, unknown>[] {
  return read['resourceSpans']?.[0]?.['scopeSpans']?.[0]?.['spans'] ?? []
}

function plain(type: Message, bytes: Uint8Array): Record<string, never> {
  return type.toObject(type.decode(bytes), { longs: String, bytes: String })
}

function idsOf(span: Record<string, unknown>): unknown[] {
  const hex = (base64: unknown): string => Buffer.from(String(base64 ?? ''), 'base64').toString('hex')
  return [
    hex(span['traceId']),
    hex(span['spanId']),
    hex(span['parentSpanId']),
    span['name'] ?? '',
    span['kind'],
    span['startTimeUnixNano'],
    span['flags'],
  ]
}

function idsOfWire({ traceId, spanId, parentSpanId, name, kind, startTime, flags }: WireSpan): unknown[] {
  return [traceId, spanId, parentSpanId ?? '', name, kind, String(startTime), flags]
}
