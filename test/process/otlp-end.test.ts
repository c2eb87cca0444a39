import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { type Span, spansOf } from '../../model/index.ts'
import { decodeRequest, PROTOBUF, treesOf } from '../../otlp/index.ts'
import { placeOf } from '../../runtime/settings.ts'
import { type Ended, type Execution, program } from './processes.ts'

const SETUP = `
import { configure } from 'span-tree'
import { otlpExporter } from 'span-tree/otlp'
configure({ exporters: [otlpExporter({ endpoint: process.env.COLLECTOR, recordsAs: 'events' })] })
function leaf() { return Number('1') }
async function running() { leaf(); console.log('ready'); await new Promise(() => setTimeout(() => {}, 60_000)) }
`

/** What a collector gets from a program, whose environment may name it. */
async function collected(
  code: string,
  env: (url: string) => Readonly<Record<string, string>>,
  execution: Execution = {},
): Promise<{ spans: Span[]; ended: Ended }> {
  const spans: Span[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request
      .on('data', chunk => chunks.push(chunk))
      .on('end', () => {
        const body = Buffer.concat(chunks)
        const unpacked = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body
        if (request.url === '/v1/traces') {
          const { trees } = treesOf(decodeRequest(PROTOBUF, 'traces', unpacked))
          spans.push(...trees.flatMap(({ root }) => Array.from(spansOf(root), ({ span }) => span)))
        }
        response.end()
      })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const ended = await program(code).traced({ ...execution, env: env(url) })
  await new Promise(resolve => server.close(resolve))
  return { spans, ended }
}

test.concurrent.each<[string, (url: string) => Readonly<Record<string, string>>]>([
  ['otlp', url => ({ SPAN_TREE: 'otlp', OTEL_EXPORTER_OTLP_ENDPOINT: url })],
  ['otlp:http://…', url => ({ SPAN_TREE: `otlp:${url}/` })],
  ['otlp://…, beside another', url => ({ SPAN_TREE: `${url.replace('http', 'otlp')},json` })],
])('SPAN_TREE=%s sends to a collector', async (_, env) => {
  const { spans, ended } = await collected(`function leaf() { return Number('1') }\nleaf()`, env)
  expect(spans.map(({ name }) => name)).toEqual(['leaf'])
  expect(ended.code).toBe(0)
  expect((ended.stdout + ended.stderr).includes('"traceId"')).toBe(env('')['SPAN_TREE']?.endsWith('json'))
})

test('the port of a collector is 4318 where none is said', () => {
  const at = (text: string): unknown => placeOf({ SPAN_TREE: text }, false).destinations.map(each => each.at)
  expect(at('otlp://collector,otlp://[::1]/base')).toEqual(['http://collector:4318', 'http://[::1]:4318/base'])
  expect(at('otlp://collector:80')).toEqual(['http://collector:80'])
  expect(placeOf({ SPAN_TREE: 'otlp:collector' }, false).complaint).toContain('SPAN_TREE="otlp:collector" is none of')
})

test.concurrent.each<[string, string, Execution, number | null, string[]]>([
  ['by itself', 'leaf(); leaf()', {}, 0, ['leaf', 'leaf']],
  ['by process.exit', 'leaf(); process.exit(3)', {}, 3, ['leaf']],
  ['by an error', "leaf(); throw new Error('x')", {}, 1, ['leaf']],
  ['by a signal, while something runs', 'running()', { signals: [['ready', 'SIGTERM']] }, null, ['leaf', 'running']],
])('each span is sent once when the process ends %s', async (_, code, execution, exit, names) => {
  const { spans, ended } = await collected(SETUP + code, url => ({ SPAN_TREE: '', COLLECTOR: url }), execution)
  expect([ended.code, ended.signal]).toEqual([exit, exit === null ? 'SIGTERM' : null])
  const own = spans.filter(({ name }) => names.includes(name))
  expect(own.map(({ name }) => name).sort()).toEqual(names)
  expect(new Set(spans.map(({ id }) => id)).size).toBe(spans.length)
  for (const { name, status } of own) expect(status).toBe(name === 'running' ? 'started' : 'succeeded')
})

test.concurrent('a collector that is not there changes nothing', async () => {
  const env = { SPAN_TREE: '', COLLECTOR: 'http://127.0.0.1:9' }
  const ended = await program(`${SETUP} console.log(leaf()); process.exitCode = 5`).traced({ env })
  expect(ended).toEqual({ code: 5, signal: null, stdout: '1\n', stderr: '' })
})
