// Orders by GraphQL, out of two databases; more of them at once than there are connections.
import { pathToFileURL } from 'node:url'
import * as servers from './servers.mjs'

const ORDERS = 6
const SCHEMA = `
  type Query { order(id: ID!): Order }
  type Order { id: ID price: String stock: String }
`

export async function run({ graphql, pg, Redis, api }) {
  const root = process.env.SPAN_TREE_ROOT
  const { configure, getLogger, getRecorder } = await import(pathToFileURL(`${root}/dist/index.js`).href)
  configure({ mode: 'record' })
  const logger = getLogger('program')
  const [postgres, cache] = await Promise.all([servers.postgres(), servers.redis()])
  const pool = new pg.Pool({ host: '127.0.0.1', port: postgres.address().port, user: 'u', database: 'd', max: 2 })
  const redis = new Redis(cache.address().port, '127.0.0.1', { enableReadyCheck: false })
  const seen = () => logger.span('seen', () => {})

  const priceByCallback = id =>
    new Promise((resolve, reject) => {
      pool.query('select price of $1', [id], (error, { rows } = {}) => {
        seen()
        error ? reject(error) : resolve(rows[0].id)
      })
    })

  class Order {
    constructor(id) {
      this.id = id
    }

    price() {
      return logger.span('price', () => priceByCallback(this.id))
    }

    stock() {
      return logger.span('stock', async span => {
        const isCurrent = api.trace.getActiveSpan()?.spanContext().spanId === span.id
        return `${await redis.get(this.id)} ${isCurrent}`
      })
    }
  }

  const loadOrder = ({ id }) =>
    logger.span('loadOrder', async () => {
      const client = await pool.connect()
      try {
        const { rows } = await client.query('select $1', [id])
        return new Order(rows[0].id)
      } finally {
        client.release()
      }
    })

  const schema = graphql.buildSchema(SCHEMA)
  const source = 'query Shop($id: ID!) { order(id: $id) { id price stock } }'
  const buy = id =>
    logger.span(`buy ${id}`, async () => {
      const { data, errors } = await graphql.graphql({
        schema,
        source,
        rootValue: { order: loadOrder },
        variableValues: { id: `${id}` },
      })
      if (errors) throw errors[0]
      return data.order
    })

  const answers = await Promise.all(Array.from({ length: ORDERS }, (_, id) => buy(id)))
  await Promise.all([pool.end(), redis.quit()])
  for (const server of [postgres, cache]) server.close()
  const { trees } = getRecorder()
  process.send({ answers, trees: trees.map(({ traceId, root }) => ({ traceId, root: plain(root) })) })
  process.disconnect()
}

function plain({ id, parentId, name, kind, status, attributes, children }) {
  return { id, parentId, name, kind, status, attributes, children: children.map(plain) }
}
