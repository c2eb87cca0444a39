const shop = import('./shop.mjs')
const packages = {
  api: require('@opentelemetry/api'),
  graphql: require('graphql'),
  pg: require('pg'),
  Redis: require('ioredis').Redis,
}

shop.then(({ run }) => run(packages))
