/**
 * A service as there are many: it parses and checks an order, asks a database for the customer and for the prices at once, prices the
 * lines, writes the order, and answers with some 500 bytes of JSON. The database takes one to two milliseconds for each of the three, in which other
 * requests are served, and what it is asked and what it answers is text, as a driver has it.
 */
const { createHash, randomUUID } = require('node:crypto')
const fastify = require('fastify')

const CUSTOMER = {
  email: 'jo@example.com',
  discount: 5,
  country: 'DE',
  since: '2019-04-01T08:30:00.000Z',
  tags: ['b2b'],
}
let asked = 0

/** In place of a driver and the server behind it. */
function query(text, parameters, rows) {
  const sent = JSON.stringify({ text, parameters })
  const answer = JSON.stringify({ rows, took: sent.length })
  return new Promise(resolve => setTimeout(received, 1 + (asked++ % 2), answer, resolve))
}

function received(answer, resolve) {
  resolve(JSON.parse(answer).rows)
}

function parseOrder(body) {
  const order = JSON.parse(body)
  if (typeof order.customer !== 'string') throw new TypeError('an order has a customer')
  if (!Array.isArray(order.items) || order.items.length === 0) throw new TypeError('an order has items')
  order.items.forEach(checkItem)
  return order
}

function checkItem({ sku, quantity }) {
  if (!/^sku-\d+$/.test(sku)) throw new TypeError(`no such item: ${sku}`)
  if (!Number.isInteger(quantity) || quantity < 1) throw new TypeError(`no such quantity: ${quantity}`)
}

async function loadCustomer(id) {
  const rows = await query('select * from customers where id = $1', [id], [{ id, ...CUSTOMER }])
  if (rows.length === 0) throw new RangeError(`no such customer: ${id}`)
  return rows[0]
}

async function loadPrices(items) {
  const skus = items.map(({ sku }) => sku)
  const found = skus.map(sku => ({ sku, name: `Item ${sku}`, price: 100 + sku.length * 37, stock: 40 }))
  const rows = await query('select * from items where sku = any($1)', [skus], found)
  return new Map(rows.map(row => [row.sku, row]))
}

function priceLines(items, prices) {
  return items.map(({ sku, quantity }) => {
    const { name, price, stock } = prices.get(sku)
    if (stock < quantity) throw new RangeError(`out of stock: ${sku}`)
    return { sku, name, quantity, price, sum: price * quantity }
  })
}

function total(lines, discount) {
  const net = Math.round(lines.reduce((all, { sum }) => all + sum, 0) * (1 - discount / 100))
  const tax = Math.round(net * 0.19)
  return { net, tax, gross: net + tax }
}

async function saveOrder(order) {
  const checksum = createHash('sha256').update(JSON.stringify(order)).digest('hex')
  await query('insert into orders values ($1, $2, $3)', [order.id, order, checksum], [])
  return checksum
}

async function placeOrder(shop, body) {
  const { customer: id, items } = parseOrder(body)
  const [customer, prices] = await Promise.all([loadCustomer(id), loadPrices(items)])
  const lines = priceLines(items, prices)
  const order = {
    id: randomUUID(),
    shop,
    customer: customer.id,
    lines,
    total: total(lines, customer.discount),
    currency: 'EUR',
  }
  const checksum = await saveOrder(order)
  return { ...order, checksum, placed: new Date().toISOString() }
}

async function main() {
  const app = fastify()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => done(null, body))
  app.post('/shops/:shop/orders', request => placeOrder(request.params.shop, request.body))
  await app.listen({ port: 0, host: '127.0.0.1' })
  process.send({ port: app.server.address().port })
}

require('./used.cjs')
main()
