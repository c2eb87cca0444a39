import { toolchain } from './toolchain.ts'

/** A folder with OpenTelemetry's own packages, and those that its instrumentations are for. */
export function opentelemetryPackages(): string {
  return toolchain('opentelemetry', {
    dependencies: {
      '@fastify/otel': '0.21.2',
      '@opentelemetry/api': '1.10.0',
      '@opentelemetry/core': '3.1.1',
      '@opentelemetry/instrumentation': '0.301.1',
      '@opentelemetry/instrumentation-express': '0.72.0',
      '@opentelemetry/instrumentation-fs': '0.43.0',
      '@opentelemetry/instrumentation-http': '0.301.0',
      '@opentelemetry/instrumentation-undici': '0.34.0',
      '@opentelemetry/otlp-transformer': '0.301.1',
      '@opentelemetry/resources': '3.1.1',
      '@opentelemetry/sdk-logs': '3.1.1',
      '@opentelemetry/sdk-trace': '3.1.1',
      express: '5.3.0',
      fastify: '5.12.8',
      protobufjs: '8.8.1',
      undici: '8.12.4',
    },
  })
}

/** A folder with the instrumentations of databases and of GraphQL, and what they are for. */
export function databasePackages(): string {
  return toolchain('opentelemetry-databases', {
    dependencies: {
      '@opentelemetry/api': '1.10.0',
      '@opentelemetry/instrumentation': '0.301.1',
      '@opentelemetry/instrumentation-graphql': '0.72.0',
      '@opentelemetry/instrumentation-ioredis': '0.72.0',
      '@opentelemetry/instrumentation-pg': '0.77.0',
      // The last that its instrumentation knows.
      graphql: '16.15.0',
      ioredis: '6.0.0',
      pg: '8.23.1',
    },
  })
}
