/**
 * What it costs to write an OTLP request of a thousand spans, and to read one: our codecs beside OpenTelemetry's own serializers and, for
 * reading, beside protobufjs with the protocol's definition. In one process; the contenders take turns, round by round. `npm run bench:otlp`;
 * more rounds: `npm run bench:otlp -- 100`.
 */
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { newTraceId, type Span, type SpanTree } from '../../model/index.ts'
import {
  type ContentType,
  decodeRequest,
  JSON_TYPE,
  PROTOBUF,
  partEncoder,
  SCHEMA_URL,
  wireTree,
} from '../../otlp/index.ts'
import { PROTOCOL } from '../../test/otlp/protocol.ts'
import { opentelemetryPackages } from '../../test/support/opentelemetry.ts'
import { benchArguments, machine, median, table } from '../report.ts'

const TRACES = 50
const SPANS = 20
const RESOURCE = { 'service.name': 'shop', 'service.version': '1.4.0', 'host.name': 'box' }
const ATTRIBUTES = {
  'http.request.method': 'GET',
  'url.full': 'https://shop.example/orders/4711?page=2',
  'http.response.status_code': 200,
  'order.total': 12.5,
  cached: false,
  'code.function.name': 'OrderService.checkout',
  'code.file.path': 'src/order/service.ts',
  'code.line.number': 112,
}

const packages = createRequire(join(opentelemetryPackages(), 'package.json'))
const { rounds } = benchArguments(40)

const trees = Array.from({ length: TRACES }, makeTree)
const theirs = finishedSpans()
const serializers = packages('@opentelemetry/otlp-transformer')
const { root } = packages('protobufjs').parse(PROTOCOL)
const definition = root.lookupType('TracesData')

const protobuf = encode(PROTOBUF)
const json = encode(JSON_TYPE)
const contenders: Readonly<Record<string, () => unknown>> = {
  'write protobuf, span-tree': () => encode(PROTOBUF),
  'write protobuf, OpenTelemetry': () => serializers.ProtobufTraceSerializer.serializeRequest(theirs),
  'write JSON, span-tree': () => encode(JSON_TYPE),
  'write JSON, OpenTelemetry': () => serializers.JsonTraceSerializer.serializeRequest(theirs),
  'read protobuf, span-tree': () => decodeRequest(PROTOBUF, 'traces', protobuf),
  'read protobuf, protobufjs': () => definition.decode(protobuf),
  'read JSON, span-tree': () => decodeRequest(JSON_TYPE, 'traces', json),
}

const figures = measure()
const rows = Object.entries(figures).map(([name, values]) => {
  const rival = Object.keys(figures).find(other => other !== name && other.split(',')[0] === name.split(',')[0])
  const ratio =
    name.endsWith('span-tree') && rival !== undefined ? median(figures[rival] ?? []) / median(values) : undefined
  return [
    name,
    median(values).toFixed(2),
    Math.min(...values).toFixed(2),
    ratio === undefined ? '' : `${ratio.toFixed(1)} ×`,
  ]
})
console.log(`${machine()}; ${rounds} rounds; ${TRACES * SPANS} spans a request.\n`)
console.log(table(['', 'µs a span', 'fastest', 'the other takes'], rows))
console.log(`\nbytes: protobuf ${protobuf.length}, JSON ${json.length}; theirs, protobuf ${theirSize()}`)

/** Microseconds a span, by contender, of each round. */
function measure(): Record<string, number[]> {
  const found: Record<string, number[]> = Object.fromEntries(Object.keys(contenders).map(name => [name, []]))
  for (let round = -10; round < rounds; round++) {
    for (const [name, act] of Object.entries(contenders)) {
      const begun = performance.now()
      act()
      if (round >= 0) found[name]?.push(((performance.now() - begun) * 1_000) / (TRACES * SPANS))
    }
  }
  return found
}

/** From trees, as the exporter does it: a part for each trace. */
function encode(type: ContentType): Uint8Array {
  const encoder = partEncoder(type, 'traces', {
    resource: RESOURCE,
    scope: { name: 'span-tree' },
    schemaUrl: SCHEMA_URL,
  })
  return encoder.request(trees.map(tree => encoder.part(wireTree(tree, 'logs').spans)))
}

function theirSize(): number {
  return serializers.ProtobufTraceSerializer.serializeRequest(theirs).length
}

function makeTree(_: unknown, i: number): SpanTree {
  const base = {
    kind: 'internal',
    status: 'succeeded',
    level: 'info',
    attributes: ATTRIBUTES,
    messages: [],
    handledErrors: [],
  } as const
  const start = 1_800_000_000_000_000_000n
  const id = (n: number): string => (i * SPANS + n + 1).toString(16).padStart(16, '0')
  const of = (n: number, children: Span[] = []): Span => ({
    ...base,
    id: id(n),
    ...(n > 0 && { parentId: id(0) }),
    name: `step ${n}`,
    startTime: start + BigInt(n),
    endTime: start + 1_000_000n,
    children,
  })
  return {
    traceId: newTraceId(1_800_000_000_000),
    root: of(
      0,
      Array.from({ length: SPANS - 1 }, (_, n) => of(n + 1)),
    ),
  }
}

/** The same spans, of OpenTelemetry's own making. */
function finishedSpans(): unknown[] {
  const { TracerProvider, SimpleSpanProcessor, InMemorySpanExporter } = packages('@opentelemetry/sdk-trace')
  const { resourceFromAttributes } = packages('@opentelemetry/resources')
  const api = packages('@opentelemetry/api')
  const exporter = new InMemorySpanExporter()
  const spanProcessors = [new SimpleSpanProcessor({ exporter })]
  const tracer = new TracerProvider({ resource: resourceFromAttributes(RESOURCE), spanProcessors }).getTracer(
    'span-tree',
  )
  for (let i = 0; i < TRACES; i++) {
    const parent = tracer.startSpan('step 0', { attributes: ATTRIBUTES })
    const inParent = api.trace.setSpan(api.ROOT_CONTEXT, parent)
    for (let n = 1; n < SPANS; n++) tracer.startSpan(`step ${n}`, { attributes: ATTRIBUTES }, inParent).end()
    parent.end()
  }
  return exporter.getFinishedSpans()
}
