import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import net, { type AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import type { SpanTree } from '../../model/index.ts'
import { w3cTraceId } from '../../model/index.ts'
import { exported, loadProgram, recorder, renderTree, runtime, until } from '../runtime/program.ts'

const [SPAN, TRACE] = ['00f067aa0ba902b7', '4bf92f3577b34da6a3ce929d0e0e4736']
const logger = runtime.getLogger('t')
const wait = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

afterEach(() => runtime.configure({ http: {}, sampling: {} }))

type Handler = (request: IncomingMessage, response: ServerResponse) => void

/** Runs `ask` against a server with this handler, until as many traces are exported. */
async function serving(
  handler: Handler,
  traces: number,
  ask: (url: string, port: number) => unknown,
): Promise<readonly SpanTree[]> {
  const server = http.createServer(handler)
  server.on('upgrade', (_, socket) => {
    logger.info('upgrading')
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n')
    socket.resume().on('end', () => logger.span('later', () => socket.end()))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  recorder.clear()
  const before = exported()
  const { port } = server.address() as AddressInfo
  try {
    await ask(`http://127.0.0.1:${port}`, port)
    await until(() => exported() - before >= traces)
    return recorder.trees
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

/** What a server gets of a request that `ask` makes. */
async function headersOf(ask: (url: string) => unknown): Promise<http.IncomingHttpHeaders> {
  let got: http.IncomingHttpHeaders = {}
  runtime.configure({ http: { server: false } })
  await serving(
    (request, response) => {
      got = request.headers
      response.end()
    },
    0,
    ask,
  )
  return got
}

function get(url: string, options: http.RequestOptions = {}): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    http
      .get(url, options, response => response.resume().on('end', () => resolve(response.statusCode)))
      .on('error', reject)
  })
}

const text = async (url: string, options?: RequestInit): Promise<string> => (await fetch(url, options)).text()

describe('requests that come in', () => {
  test('have a span by the conventions, without secrets, in a trace of their own', async () => {
    const handler: Handler = (_, response) => logger.span('work', () => response.end())
    const trees = await logger.span('boot', () =>
      serving(handler, 1, url =>
        runtime.continueTrace(undefined, () => exchange(url, 'GET /a?b=1&api_key=x&q=4111111111111111')),
      ),
    )
    const [tree] = trees
    expect(tree!.root).toMatchObject({ kind: 'server', name: 'GET /a', children: [{ name: 'work' }] })
    expect([tree!.root.parentId, tree!.remote]).toEqual([undefined, undefined])
    expect(tree!.root.attributes).toMatchObject({
      'http.request.method': 'GET',
      'url.path': '/a',
      'url.query': 'b=1&api_key=[redacted]&q=[redacted]',
      'url.scheme': 'http',
      'server.address': 'example.com',
      'server.port': 81,
      'user_agent.original': 'by hand',
      'http.response.status_code': 200,
    })
  })

  test('go on with the trace that they come with', async () => {
    const traceparent = `00-${TRACE}-${SPAN}-01`
    const [tree] = await serving(
      (_, response) => response.end(),
      1,
      url => text(url, { headers: { traceparent } }),
    )
    expect(tree).toMatchObject({ remote: true, root: { parentId: SPAN } })
    expect(w3cTraceId(tree!.traceId)).toBe(TRACE)
  })

  test('of a trace that is not sampled are not recorded, and say so to whom they ask', async () => {
    const passed: unknown[] = []
    const handler: Handler = async (request, response) => {
      passed.push(request.headers['traceparent'])
      if (request.url === '/a') await logger.span('work', () => text(`http://${request.headers.host}/b`))
      response.end()
    }
    const trees = await serving(handler, 0, async url => {
      await text(`${url}/a`, { headers: { traceparent: `00-${TRACE}-${SPAN}-00` } })
      await wait()
    })
    expect(trees).toEqual([])
    expect(passed[1]).toBe(`00-${TRACE}-${SPAN}-00`)
  })

  test('that fail have failed of the error that left the handler', async () => {
    const handler: Handler = (request, response) => {
      try {
        logger.span('work', () => {
          throw new RangeError('too many')
        })
      } catch {
        response.statusCode = request.url === '/bad' ? 400 : 503
        response.end()
      }
    }
    const trees = await serving(handler, 2, async url => {
      await text(url)
      await text(`${url}/bad`)
    })
    const [failed, refused] = trees.map(({ root }) => root)
    expect(failed).toMatchObject({
      status: 'failed',
      attributes: { 'error.type': '503' },
      exitError: { kind: 'reference', type: 'RangeError', spanId: failed!.children[0]!.id },
    })
    expect(refused).toMatchObject({ status: 'succeeded', handledErrors: [{ type: 'RangeError' }] })
  })

  test('that fail have failed of an error that came in a promise, through functions that only return it', async () => {
    const { main } = await loadProgram<{ main(url?: string): Promise<void> }>(`
      async function create() { throw new RangeError('too short') }
      async function later() { await null; throw new RangeError('too late') }
      const viaSync = url => url === '/late' ? later() : create()
      export const main = url => viaSync(url)`)
    const handler: Handler = async (request, response) => {
      await main(request.url).catch(() => response.writeHead(500))
      response.end()
    }
    const trees = await serving(handler, 2, async url => {
      await text(url)
      await text(`${url}/late`)
    })
    const errors = trees.map(({ root }) => [root.exitError?.message, root.handledErrors.length])
    expect(errors).toEqual([
      ['too short', 0],
      ['too late', 0],
    ])
  })

  test('that nobody waits for say so', async () => {
    const [tree] = await serving(
      request => request.on('data', () => request.socket.destroy()),
      1,
      url => text(url, { method: 'POST', body: 'x' }).catch(() => undefined),
    )
    expect(tree!.root).toMatchObject({ level: 'warning', attributes: { 'span_tree.http.aborted': true } })
  })

  test('last until the whole body is sent, and what is said until the connection is free is theirs', async () => {
    const handler: Handler = (request, response) => {
      const say = (emitter: NodeJS.EventEmitter, event: string): unknown => emitter.on(event, () => logger.info(event))
      for (const event of ['data', 'end']) say(request, event)
      for (const event of ['finish', 'close']) say(response, event)
      response.write('first')
      setImmediate(() => setImmediate(() => response.end('last')))
    }
    const trees = await serving(handler, 4, (_, port) => exchange(port, 'POST /1', 'POST /2', 'POST /3', 'POST /4'))
    expect(trees.map(({ root }) => root.name).sort()).toEqual(['POST /1', 'POST /2', 'POST /3', 'POST /4'])
    for (const { root } of trees)
      expect(root.messages.map(message => message.text).sort()).toEqual(['close', 'data', 'end', 'finish'])
  })

  test('that become another protocol end where they do', async () => {
    const handler: Handler = (_, response) => response.end()
    const trees = await serving(handler, 2, async (_, port) => {
      const socket = net.connect(port)
      socket.write('GET /socket HTTP/1.1\r\nHost: here\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n')
      await new Promise(resolve => socket.once('data', resolve))
      socket.destroy()
    })
    expect(renderTree(trees).replaceAll(/ \{.*\}/g, '')).toBe('GET /socket\n└─ INFO upgrading\nlater')
  })

  test('are left alone where they are to be', async () => {
    const handler: Handler = async (request, response) => {
      if (request.url === '/health?x') await text(`http://${request.headers.host}/asked`)
      logger.span('work', () => response.end(request.headers['traceparent']))
    }
    runtime.configure({ http: { ignore: ['/health', '/static/*'] } })
    const seen = await serving(handler, 1, async url => {
      for (const path of ['/health?x', '/static/a.js', '/healthy']) await text(url + path)
    })
    expect(seen.map(({ root }) => root.name)).toEqual(['GET /healthy'])
    runtime.configure({ http: { server: false } })
    expect((await serving(handler, 1, url => text(url))).map(({ root }) => root.name)).toEqual(['work'])
    expect(() => runtime.configure({ http: { hosts: [] } as never })).toThrow("unknown setting 'http.hosts'")
  })

  test('that the head sampler does not want are not made, by their names', async () => {
    runtime.configure({ sampling: { head: { 'GET /health*': 0 } } })
    const trees = await serving(
      (_, response) => logger.span('work', () => response.end()),
      1,
      async url => {
        await text(`${url}/health`)
        await text(`${url}/other`)
      },
    )
    expect(trees.map(({ root }) => root.name)).toEqual(['GET /other'])
  })
})

/** Requests on one connection, all at once; waits for the end of the last response. */
function exchange(to: string | number, ...lines: readonly string[]): Promise<string> {
  const port = typeof to === 'number' ? to : Number(new URL(to).port)
  return new Promise(resolve => {
    let answer = ''
    const socket = net.connect(port, '127.0.0.1')
    socket.on('data', data => (answer += data)).on('close', () => resolve(answer))
    const head = 'Host: example.com:81\r\nUser-Agent: by hand\r\nContent-Length: 1'
    const all = lines.map((line, i) => {
      const connection = i === lines.length - 1 ? 'close' : 'keep-alive'
      return `${line} HTTP/1.1\r\n${head}\r\nConnection: ${connection}\r\n\r\nx`
    })
    socket.write(all.join(''))
  })
}

describe('requests that go out', () => {
  const inSpan = <T>(fn: () => Promise<T>): Promise<T> => logger.span('asker', fn)

  test.each([
    ['node:http', (url: string) => get(`${url}/a?token=x`)],
    ['fetch', (url: string) => text(`${url}/a?token=x`)],
  ])('%s: have a span by the conventions, and pass the trace on', async (_, ask) => {
    const trees = await serving(
      (_, response) => response.writeHead(404).end(),
      1,
      async url => {
        await inSpan(async () => ask(url))
        await until(() => recorder.find('GET /a') !== undefined)
      },
    )
    const [call] = trees[0]!.root.children
    expect(call).toMatchObject({
      kind: 'client',
      status: 'failed',
      attributes: { 'http.request.method': 'GET', 'http.response.status_code': 404, 'error.type': '404' },
    })
    const { port } = new URL(call!.attributes['url.full'] as string)
    expect(call!.name).toBe(`GET 127.0.0.1:${port}`)
    expect(call!.attributes['url.full']).toBe(`http://127.0.0.1:${port}/a?token=%5Bredacted%5D`)
    // Who answered was this very process: it is one tree.
    expect(call!.children).toMatchObject([{ name: 'GET /a', kind: 'server', parentId: call!.id }])
  })

  test('outside any span nothing is made, and nothing is sent along', async () => {
    const headers = await headersOf(url => get(url))
    expect([headers['traceparent'], recorder.trees.length]).toEqual([undefined, 0])
  })

  test('that fail have the error', async () => {
    const failing = async (): Promise<unknown> => get('http://127.0.0.1:1/').catch(() => 'refused')
    const [tree] = await serving(
      () => {},
      1,
      () => inSpan(failing),
    )
    expect(tree!.root).toMatchObject({
      status: 'succeeded',
      children: [{ status: 'failed', exitError: { type: 'Error', attributes: { code: 'ECONNREFUSED' } } }],
    })
  })

  test("the program's own headers stay as they are", async () => {
    const traceparent = `00-${TRACE}-${SPAN}-01`
    const set = { headers: { traceparent } }
    expect((await headersOf(url => inSpan(() => get(url, set))))['traceparent']).toBe(traceparent)
    expect((await headersOf(url => inSpan(() => text(url, set))))['traceparent']).toBe(traceparent)
    const list = await headersOf(url => inSpan(() => get(url, { headers: ['Host', 'here'] as never })))
    expect([list.host, list['traceparent']]).toEqual(['here', undefined])
  })

  test('pass the trace on to whom they may', async () => {
    const asked = async (propagateTo: string[]): Promise<boolean> => {
      let seen = false
      runtime.configure({ http: { server: false, propagateTo } })
      await serving(
        (request, response) => {
          seen = 'traceparent' in request.headers
          response.end()
        },
        1,
        url => inSpan(() => text(url)),
      )
      return seen
    }
    expect(await asked([])).toBe(false)
    expect(await asked(['http://127.0.0.1:*'])).toBe(true)
    expect(await asked(['https://*'])).toBe(false)
  })
})
