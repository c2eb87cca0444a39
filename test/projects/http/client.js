import http from 'node:http'
import { getLogger } from 'span-tree'
import { Agent, fetch as npmFetch, request } from 'undici'
import { request as request7 } from 'undici-7'
import './kept.js'

const logger = getLogger('client')
const agent = new http.Agent({ keepAlive: true, maxSockets: 3 })
const narrow = new Agent({ connections: 2 })

function byNode(url, options) {
  return new Promise((resolve, reject) => {
    const sent = http.request(url, { agent, method: options.method, headers: options.headers }, response => {
      response.resume().on('end', () => resolve(response.statusCode))
    })
    sent.on('error', reject)
    sent.end(options.body)
  })
}

async function byUndici(call, url, options) {
  const { statusCode, body } = await call(url, options)
  await body.text()
  return statusCode
}

async function byFetch(call, url, options) {
  const response = await call(url, options)
  await response.text()
  return response.status
}

const clients = [
  byNode,
  (url, options) => byFetch(fetch, url, options),
  (url, options) => byFetch(npmFetch, url, { ...options, dispatcher: narrow }),
  (url, options) => byUndici(request, url, { ...options, dispatcher: narrow }),
  (url, options) => byUndici(request7, url, options),
]

async function ask(port, id) {
  logger.extra({ id: String(id) })
  const get = id % 3 === 0
  const options = get
    ? { method: 'GET', headers: {} }
    : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ id }) }
  const status = await clients[id % clients.length](`http://127.0.0.1:${port}/orders/${id}`, options)
  if (status !== 200) throw new Error(`${id}: ${status}`)
}

async function askAll({ ports, requests }) {
  let id = 0
  const asked = []
  for (let i = 0; i < requests; i++) for (const port of Object.values(ports)) asked.push(ask(port, ++id))
  await Promise.all(asked)
  process.send({ asked: id })
}

process.on('message', message => message.ports && askAll(message))
process.send({ ready: true })
