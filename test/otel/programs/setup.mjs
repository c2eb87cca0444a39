// Loaded first: registers span-tree with OpenTelemetry's API, and OpenTelemetry's instrumentations with Node.
import { createRequire, register } from 'node:module'
import { pathToFileURL } from 'node:url'

const { SPAN_TREE_ROOT: root, PACKAGES: packages } = process.env
const require = createRequire(`${packages}/package.json`)

// What is imported is instrumented by a hook of the loader, what is required by one of `require`.
if (process.env.HOOKED) register('@opentelemetry/instrumentation/hook.mjs', pathToFileURL(`${packages}/package.json`))

await import(pathToFileURL(`${root}/dist/otel/index.js`).href)

const { registerInstrumentations } = require('@opentelemetry/instrumentation')

const INSTRUMENTATIONS = {
  services() {
    const { ExpressInstrumentation } = require('@opentelemetry/instrumentation-express')
    const { FsInstrumentation } = require('@opentelemetry/instrumentation-fs')
    const { HttpInstrumentation } = require('@opentelemetry/instrumentation-http')
    const { UndiciInstrumentation } = require('@opentelemetry/instrumentation-undici')
    const { FastifyOtelInstrumentation } = require('@fastify/otel')
    return [
      new HttpInstrumentation(),
      new ExpressInstrumentation(),
      new FsInstrumentation({ requireParentSpan: true }),
      new UndiciInstrumentation(),
      new FastifyOtelInstrumentation({ registerOnInitialization: true }),
    ]
  },
  databases() {
    const { GraphQLInstrumentation } = require('@opentelemetry/instrumentation-graphql')
    const { IORedisInstrumentation } = require('@opentelemetry/instrumentation-ioredis')
    const { PgInstrumentation } = require('@opentelemetry/instrumentation-pg')
    return [
      new GraphQLInstrumentation(),
      new IORedisInstrumentation(),
      new PgInstrumentation({ requireParentSpan: true }),
    ]
  },
}

registerInstrumentations({ instrumentations: INSTRUMENTATIONS[process.env.INSTRUMENTATIONS]() })
