import http from 'node:http'
import { Readable, Writable } from 'node:stream'
import { configure, getLogger } from 'span-tree'
import { NodeAgent } from './node-agent.js'
import * as undici8 from 'undici'
import * as undici7 from 'undici-7'
import './kept.js'

// Many traces share two connections, so that all but two of their requests wait in the pool's queue.
const ASKED = 5
const logger = getLogger('narrow')
const NARROW = { connections: 2, pipelining: 1 }
configure({ http: { server: false } })

/** A span where a callback of the client's is called; `id`: of who has asked. */
const saw = id => logger.span('saw', () => logger.extra({ id }))

const inFetch = (fetch, dispatcher) => async (url, id) => {
  const response = await fetch(url, { dispatcher })
  await response.text()
  saw(id)
}

const inPost = (fetch, dispatcher) => async (url, id) => {
  const response = await fetch(url, { dispatcher, method: 'POST', body: id })
  for await (const _ of response.body) saw(id)
}

const inRequest = (request, dispatcher) => async (url, id) => {
  const { body } = await request(url, { dispatcher })
  await body.text()
  saw(id)
}

const inUpload = (request, dispatcher) => async (url, id) => {
  async function* parts() {
    for (const part of ['a', 'b']) {
      saw(id)
      yield part
    }
  }
  const { body } = await request(url, { dispatcher, method: 'POST', body: parts() })
  await body.text()
}

const inFetchUpload = (fetch, dispatcher) => async (url, id) => {
  const parts = ['a', 'b']
  const body = new ReadableStream({
    pull(controller) {
      saw(id)
      const part = parts.shift()
      if (part === undefined) controller.close()
      else controller.enqueue(new TextEncoder().encode(part))
    },
  })
  const response = await fetch(url, { dispatcher, method: 'POST', body, duplex: 'half' })
  await response.text()
}

const inStreamUpload = (request, dispatcher) => async (url, id) => {
  // More than a socket takes at once.
  const parts = [Buffer.alloc(200_000), Buffer.alloc(200_000), null]
  const body = new Readable({
    read() {
      saw(id)
      this.push(parts.shift())
    },
  })
  body.on('end', () => saw(id)).on('close', () => saw(id))
  const response = await request(url, { dispatcher, method: 'POST', body })
  await response.body.text()
}

const inEvents = (request, dispatcher) => (url, id) =>
  new Promise((resolve, reject) => {
    request(url, { dispatcher }).then(({ body }) => {
      body.on('data', () => saw(id)).on('error', reject).on('close', () => resolve(saw(id)))
    }, reject)
  })

const inCallback = (request, dispatcher) => (url, id) =>
  new Promise((resolve, reject) => {
    const { origin, pathname: path } = new URL(url)
    dispatcher.request({ origin, path, method: 'GET' }, (error, response) => {
      saw(id)
      if (error) reject(error)
      else response.body.resume().on('end', () => resolve(saw(id)))
    })
  })

const inStream = (stream, dispatcher) => (url, id) =>
  stream(url, { dispatcher }, () => {
    saw(id)
    return new Writable({ write: (_, __, done) => done(saw(id)), final: done => done(saw(id)) })
  })

/** By the protocol of handlers of undici 7 and before, and by that since. */
const inHandlers = (request, dispatcher) => (url, id) =>
  new Promise((resolve, reject) => {
    const { origin, pathname: path } = new URL(url)
    const say = () => {
      saw(id)
      return true
    }
    const before = { onConnect: say, onHeaders: say, onData: say, onError: reject, onComplete: () => resolve(saw(id)) }
    const since = {
      onRequestStart: say,
      onResponseStart: say,
      onResponseData: say,
      onResponseEnd: () => resolve(saw(id)),
      onResponseError: (_, error) => reject(error),
    }
    dispatcher.dispatch({ origin, path, method: 'GET' }, request === undici8.request ? since : before)
  })

function clientsOf(name, { Agent, fetch, request, stream, interceptors }) {
  const narrow = () => new Agent(NARROW)
  const retrying = narrow().compose(interceptors.retry({ minTimeout: 1, statusCodes: [503] }), interceptors.redirect({ maxRedirections: 3 }))
  return Object.entries({
    // First: the first connection of all is in no span either.
    'stream upload': inStreamUpload(request, narrow()),
    fetch: inFetch(fetch, narrow()),
    post: inPost(fetch, narrow()),
    request: inRequest(request, narrow()),
    retried: inRequest(request, retrying),
    'fetch, retried': inFetch(fetch, retrying),
    upload: inUpload(request, narrow()),
    'fetch upload': inFetchUpload(fetch, narrow()),
    events: inEvents(request, narrow()),
    callback: inCallback(request, narrow()),
    stream: inStream(stream, narrow()),
    handlers: inHandlers(request, narrow()),
  }).map(([kind, client]) => [`${name} ${kind}`, client])
}

function clientsOfNode() {
  const narrow = new NodeAgent(NARROW)
  return [['node fetch', inFetch(fetch, narrow)], ['node post', inPost(fetch, narrow)], ['node fetch, 7', inFetch(fetch, new undici7.Agent(NARROW))]]
}

const clients = [...clientsOf('7', undici7), ...clientsOf('8', undici8), ...clientsOfNode()]
/** What came with each attempt. */
const received = []

const tried = new Set()
const server = http.createServer((request, response) => {
  const [, kind, id, last] = request.url.split('/')
  received.push({ kind: decodeURIComponent(kind), id, traceparent: request.headers.traceparent })
  const answer = () => {
    if (!kind.includes('retried') || last === 'last') response.end('answer')
    else if (tried.has(request.url)) response.writeHead(302, { location: `/${kind}/${id}/last` }).end()
    else response.writeHead(503).end(String(tried.add(request.url)))
  }
  request.resume().on('end', () => setTimeout(answer, 1 + (Number(id) % 3)))
})

async function ask(kind, client, id, origin) {
  const text = `${kind} ${id}`
  await logger.span('ask', async () => {
    logger.extra({ id: text, kind })
    await client(`${origin}/${encodeURIComponent(kind)}/${id}`, text)
  })
}

server.listen(0, '127.0.0.1', async () => {
  const origin = `http://127.0.0.1:${server.address().port}`
  const asked = []
  for (let id = 0; id < ASKED; id++) for (const [kind, client] of clients) asked.push(ask(kind, client, id, origin).catch(error => `${kind} ${id}: ${error.stack}`))
  const failed = (await Promise.all(asked)).filter(Boolean)
  process.send({ kinds: clients.map(([kind]) => kind), received, failed })
})
