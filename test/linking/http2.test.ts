import http2, { type Http2Server } from 'node:http2'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { SpanTree } from '../../model/index.ts'
import { exported, recorder, runtime, until } from '../runtime/program.ts'
import { packages } from './http-programs.ts'

const logger = runtime.getLogger('t')
const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'

async function ask(session: http2.ClientHttp2Session, path: string, headers: object = {}, body = ''): Promise<string> {
  const stream = session.request({ ':path': path, ':method': 'POST', ...headers })
  let text = ''
  stream.setEncoding('utf8').on('data', chunk => (text += chunk))
  stream.end(body)
  await new Promise((resolve, reject) => stream.on('close', resolve).on('error', reject))
  return text
}

/** What is exported of requests to `server`, of which there are as many. */
async function serving(
  make: () => Http2Server,
  traces: number,
  run: (session: http2.ClientHttp2Session) => Promise<unknown>,
): Promise<readonly SpanTree[]> {
  // In whose context Node hands over all that comes.
  const server = logger.span('boot', make)
  await new Promise<void>(resolve => logger.span('listen', () => server.listen(0, '127.0.0.1', resolve)))
  await until(() => recorder.find('listen') !== undefined)
  recorder.clear()
  const before = exported()
  const session = http2.connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  try {
    await run(session)
    await until(() => exported() - before >= traces)
    return recorder.trees
  } finally {
    session.destroy()
    server.close()
  }
}

const byRequest = (): Http2Server =>
  http2.createServer(async (request, response) => {
    const said = (event: string) => (): void => logger.info(`${event} ${request.url}`)
    request.on('data', said('data')).on('end', said('end'))
    response.on('finish', said('finish')).on('close', said('close'))
    await new Promise(resolve => request.on('end', resolve))
    await logger.span('load', async () => new Promise(resolve => setTimeout(resolve, 2)))
    response.writeHead(request.url === '/bad' ? 500 : 200).end(request.url)
  })

const byStream = (): Http2Server =>
  http2.createServer().on('stream', (stream, headers) => {
    const said = (event: string) => (): void => logger.info(`${event} ${headers[':path']}`)
    stream.on('data', said('data')).on('end', said('end')).on('close', said('close'))
    stream.on('end', () => {
      setTimeout(() => {
        logger.span('load', () => stream.respond({ ':status': headers[':path'] === '/bad' ? 500 : 200 }))
        stream.end(headers[':path'])
      }, 2)
    })
  })

test.each([
  ['requests', byRequest, ['close', 'data', 'end', 'finish']],
  // Node's own streams say no `finish`.
  ['streams', byStream, ['close', 'data', 'end']],
])('by %s: each has a span with all that is done for it, however many share a session', async (_, make, events) => {
  const paths = ['/1', '/2', '/3', '/4', '/bad']
  const trees = await serving(make, paths.length, session =>
    Promise.all(paths.map(path => ask(session, path, {}, 'body'))),
  )
  expect(trees.map(({ root }) => root.name).sort()).toEqual(paths.map(path => `POST ${path}`))
  for (const { root } of trees) {
    const path = root.attributes['url.path']
    expect(root.children.map(({ name }) => name)).toEqual(['load'])
    expect(root.messages.map(({ text }) => text).sort()).toEqual(events.map(event => `${event} ${path}`))
    expect(root).toMatchObject({
      kind: 'server',
      status: path === '/bad' ? 'failed' : 'succeeded',
      attributes: {
        'http.request.method': 'POST',
        'url.scheme': 'http',
        'server.address': '127.0.0.1',
        'network.protocol.version': '2',
        'http.response.status_code': path === '/bad' ? 500 : 200,
      },
    })
  }
})

test('goes on with the trace that comes in, and says where the client went away', async () => {
  const server = (): Http2Server =>
    http2.createServer((request, response) => {
      response.write('first')
      if (request.url === '/whole') response.end()
    })
  const trees = await serving(server, 2, async session => {
    await ask(session, '/whole', { traceparent: TRACEPARENT })
    const cut = session.request({ ':path': '/cut' })
    cut.on('error', () => {}).on('data', () => cut.close(http2.constants.NGHTTP2_CANCEL))
    await new Promise(resolve => cut.on('close', resolve))
  })
  expect(trees[0]).toMatchObject({ remote: true, root: { parentId: '00f067aa0ba902b7', status: 'succeeded' } })
  expect(trees[1]!.root).toMatchObject({ level: 'warning', attributes: { 'span_tree.http.aborted': true } })
})

test('is named by its route where the framework tells it', async () => {
  const fastify = createRequire(join(packages, 'fastify'))('fastify')
  const app = fastify({ http2: true })
  app.post('/orders/:id', async () => logger.span('load', async () => 'order'))
  await app.ready()
  const [tree] = await serving(
    () => app.server,
    1,
    session => ask(session, '/orders/7'),
  )
  expect(tree!.root).toMatchObject({ name: 'POST /orders/:id', children: [{ name: 'load' }] })
})

test('is left alone where it is to be', async () => {
  runtime.configure({ http: { ignore: ['/health'] } })
  try {
    const trees = await serving(byRequest, 1, async session => {
      await ask(session, '/health')
      await ask(session, '/healthy')
    })
    expect(trees.map(({ root }) => root.name)).toEqual(['POST /healthy'])
  } finally {
    runtime.configure({ http: {} })
  }
})
