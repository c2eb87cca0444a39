/** OpenTelemetry's SDK for Node with its instrumentations of http and fastify, its BatchSpanProcessor, and an exporter that does nothing. */
const { NodeSDK } = require('@opentelemetry/sdk-node')
const { HttpInstrumentation } = require('@opentelemetry/instrumentation-http')
const { FastifyInstrumentation } = require('@opentelemetry/instrumentation-fastify')

const exporter = {
  export: (_, done) => done({ code: 0 }),
  shutdown: async () => {},
  forceFlush: async () => {},
}

new NodeSDK({
  traceExporter: exporter,
  instrumentations: [new HttpInstrumentation(), new FastifyInstrumentation()],
  resourceDetectors: [],
}).start()
