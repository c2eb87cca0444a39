// An OpenTelemetry program as they are written: an order with a query that fails, and a log record of it.
import { createRequire } from 'node:module'

const [folder, encoding] = process.argv.slice(2)
const packages = createRequire(`${folder}/package.json`)
const api = packages('@opentelemetry/api')
const { TracerProvider, BatchSpanProcessor } = packages('@opentelemetry/sdk-trace')
const { LoggerProvider, BatchLogRecordProcessor } = packages('@opentelemetry/sdk-logs')
const { resourceFromAttributes } = packages('@opentelemetry/resources')
const { OTLPTraceExporter } = packages(`@opentelemetry/exporter-trace-otlp-${encoding}`)
const { OTLPLogExporter } = packages(`@opentelemetry/exporter-logs-otlp-${encoding}`)

const resource = resourceFromAttributes({
  'service.name': `shop-${encoding}`,
  'service.version': '2.1',
  'process.pid': 1,
})
const tracers = new TracerProvider({
  resource,
  spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ compression: 'gzip' }) })],
})
const logs = new LoggerProvider({
  resource,
  processors: [new BatchLogRecordProcessor({ exporter: new OTLPLogExporter() })],
})
const tracer = tracers.getTracer('shop')
const root = tracer.startSpan('POST /orders', { kind: api.SpanKind.SERVER, attributes: { 'http.route': '/orders' } })
const inRoot = api.trace.setSpan(api.ROOT_CONTEXT, root)
const query = tracer.startSpan('INSERT orders', { kind: api.SpanKind.CLIENT }, inRoot)
const inQuery = api.trace.setSpan(inRoot, query)
const logger = logs.getLogger('shop.orders')
logger.emit({ severityNumber: 13, body: 'the table is locked', attributes: { attempt: 1 }, context: inQuery })
// What is logged arrives before the span that it was logged in.
await logs.forceFlush()
logger.emit({ severityNumber: 9, body: 'outside of all' })
query.recordException(new TypeError('no table'))
query.setStatus({ code: api.SpanStatusCode.ERROR, message: 'no table' })
query.end()
await tracers.forceFlush()
root.end()
await tracers.shutdown()
await logs.shutdown()
console.log(root.spanContext().traceId)
