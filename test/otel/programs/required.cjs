const application = import('./application.mjs')
const packages = {
  api: require('@opentelemetry/api'),
  express: require('express'),
  fastify: require('fastify'),
  fs: require('node:fs'),
  http: require('node:http'),
  undici: require('undici'),
}

application.then(({ run }) => run(packages))
