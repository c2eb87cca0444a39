import http from 'node:http'
import net from 'node:net'
import express from 'express'
import fastify from 'fastify'

/** All that a program can see of its requests, for the plain program and the traced one to be compared. */
const seen = []
const see = (...parts) => seen.push(parts.join(' '))

const TRACE = /^(traceparent|tracestate)$/i

function rawHeaders(list) {
  const pairs = list.map((each, i) => (i % 2 === 0 ? `${each}: ${list[i + 1]}` : undefined)).filter(Boolean)
  return pairs.filter(pair => !TRACE.test(pair.split(':')[0]))
}

function inspect(request, response) {
  for (const [name, each] of Object.entries({ request, response })) {
    see(name, 'keys', Object.keys(each), Object.getOwnPropertySymbols(each).map(String))
    see(name, 'listeners', each.eventNames().map(event => `${String(event)}=${each.listenerCount(event)}`))
  }
  see('server', request.socket.server.eventNames().map(event => `${event}=${request.socket.server.listenerCount(event)}`))
}

function watch(name, emitter, events) {
  for (const event of events) emitter.on(event, () => see(name, event))
}

const answers = {
  '/length': (_, response) => response.end('as a whole'),
  '/chunks': (_, response) => {
    response.writeHead(201, ['X-Odd-Case', '1', 'x-odd-case', '2', 'Trailer', 'x-sum'])
    response.write('first ')
    response.addTrailers({ 'x-sum': '7' })
    setTimeout(() => response.end('second'), 5)
  },
  '/none': (_, response) => response.writeHead(304).end(),
  '/early': (_, response) => {
    response.writeEarlyHints({ link: '</style.css>; rel=preload' })
    response.end()
  },
  '/echo': (request, response) => {
    let text = ''
    request.setEncoding('utf8').on('data', chunk => (text += chunk))
    request.on('end', () => response.setHeader('X-Length', text.length).end(text))
  },
  '/throws': (request, response) => {
    request.on('end', () => {
      response.statusCode = 500
      response.end('thrown')
      throw new RangeError('in a listener')
    })
    request.resume()
  },
}

function serve(request, response) {
  inspect(request, response)
  watch(request.url, request, ['end', 'close'])
  watch(request.url, response, ['prefinish', 'finish', 'close'])
  process.nextTick(() => see(request.url, 'next tick'))
  answers[request.url](request, response)
  see(request.url, 'handled')
}

/** The last of them ends the connection. */
function bytes(port, ...requests) {
  return new Promise(resolve => {
    let text = ''
    const socket = net.connect(port)
    socket.setEncoding('latin1').on('data', chunk => (text += chunk))
    socket.on('close', () => resolve(text.replace(/Date: [^\r]*/gi, 'Date')))
    const last = requests.length - 1
    socket.write(requests.map((each, i) => asks(...each, i === last ? 'close' : undefined)).join(''))
  })
}

const asks = (method, path, body = '', connection = 'keep-alive') =>
  `${method} ${path} HTTP/1.1\r\nHost: here\r\nConnection: ${connection}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`

function listening(server) {
  return new Promise(resolve => server.once('listening', () => resolve(server.address().port)))
}

async function servers() {
  const port = await listening(http.createServer(serve).listen(0))
  for (const path of Object.keys(answers)) see(await bytes(port, ['POST', path, '{"a":1}']))
  see(await bytes(port, ...['/length', '/echo', '/chunks', '/length'].map(path => ['POST', path, '{"b":22}'])))
  see(await bytes(port, ['HEAD', '/length', ''], ['NOTHING', '/length', '']))
  const app = express().use(express.json())
  app.post('/orders/:id', (request, response) => response.json({ ...request.body, id: request.params.id }))
  app.get('/fails', () => Promise.reject(new Error('not to be seen')))
  app.use((error, _request, response, _next) => response.status(500).send(error.message))
  const expressPort = await listening(app.listen(0))
  see(await bytes(expressPort, ['POST', '/orders/7', '{"a":1}'], ['GET', '/fails', '{}'], ['GET', '/nowhere', '{}']))
  const fast = fastify()
  fast.post('/orders/:id', async request => ({ ...request.body, id: request.params.id }))
  fast.get('/fails', async () => {
    throw new Error('seen')
  })
  await fast.listen({ port: 0 })
  const { port: fastPort } = fast.server.address()
  see(await bytes(fastPort, ['POST', '/orders/7', '{"a":1}'], ['GET', '/fails', '{}'], ['GET', '/nowhere', '{}']))
}

function call(port, options, body) {
  return new Promise(resolve => {
    const request = http.request({ port, method: 'POST', ...options })
    watch('call', request, ['socket', 'finish', 'response', 'close', 'error'])
    request.on('response', response => response.resume().on('end', () => resolve(see('answered', response.statusCode))))
    request.on('error', error => resolve(see(error.name, error.code)))
    see('call', request.eventNames().map(event => `${event}=${request.listenerCount(event)}`))
    request.end(body)
    if (options.destroy) request.destroy()
  })
}

async function clients() {
  const server = http.createServer((request, response) => {
    see(request.method, request.url, rawHeaders(request.rawHeaders))
    response.end()
  })
  const port = await listening(server.listen(0))
  await call(port, { path: '/a', headers: { 'X-Case': '1', 'Content-Length': '2' } }, 'ab')
  await call(port, { path: '/list', headers: ['X-Case', '1', 'x-case', '2', 'Host', 'here', 'Content-Length', '0'] })
  await call(port, { path: '/gone', destroy: true })
  await call(1, { path: '/refused' })
  const response = await fetch(`http://localhost:${port}/fetched`, { method: 'PUT', body: 'x', headers: { 'X-Case': '1' } })
  see(response.status, await response.text())
  await fetch('http://localhost:1', { signal: AbortSignal.abort() }).catch(error => see(error.name))
  const refused = await fetch(`http://127.0.0.1:${port + 1 > 65535 ? 2 : port}x/`).catch(error => error)
  see(refused.name, refused.cause?.code)
}

process.on('uncaughtException', error => see('uncaught', error.message))

async function main() {
  await servers()
  await clients()
  const text = seen.join('\n').replaceAll(/localhost:\d+/g, 'localhost')
  process.send({ seen: text }, () => process.exit(0))
}

main()
