/**
 * Next to nothing but functions that call one another, so that what tracing costs shows: the answers of the database are there in the next turn
 * of the event loop.
 */
const { createHash } = require('node:crypto')
const fastify = require('fastify')

const PRICES = new Map(Array.from({ length: 200 }, (_, i) => [`sku-${i}`, 100 + ((i * 37) % 900)]))

function parseOrder(body) {
  const order = JSON.parse(body)
  if (typeof order.customer !== 'string') throw new TypeError('an order has a customer')
  order.items.forEach(checkItem)
  return order
}

function checkItem({ sku, quantity }) {
  if (typeof sku !== 'string' || !PRICES.has(sku)) throw new TypeError(`no such item: ${sku}`)
  if (!Number.isInteger(quantity) || quantity < 1) throw new TypeError(`no such quantity: ${quantity}`)
}

/** In place of a database: an answer some turns of the event loop later. */
function query(result) {
  return new Promise(resolve => setImmediate(resolve, result))
}

async function loadCustomer(id) {
  const row = await query({ id, name: `Customer ${id}`, discount: id.length % 10 })
  return { ...row, key: createHash('sha256').update(row.name).digest('hex').slice(0, 12) }
}

async function reserve(items) {
  await query(items.length)
  return items.map(({ sku, quantity }) => ({ sku, quantity, price: PRICES.get(sku) * quantity }))
}

function total(lines, discount) {
  const sum = lines.reduce((all, { price }) => all + price, 0)
  return Math.round(sum * (1 - discount / 100))
}

async function placeOrder(body) {
  const order = parseOrder(body)
  const [customer, lines] = await Promise.all([loadCustomer(order.customer), reserve(order.items)])
  return { customer, lines, total: total(lines, customer.discount), currency: 'EUR' }
}

async function main() {
  const app = fastify()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => done(null, body))
  app.post('/shops/:shop/orders', async request => ({ shop: request.params.shop, ...(await placeOrder(request.body)) }))
  await app.listen({ port: 0, host: '127.0.0.1' })
  process.send({ port: app.server.address().port })
}

require('./used.cjs')
main()
