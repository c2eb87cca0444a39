/** The instrumented program, its traces batched, compressed and sent as OTLP to a collector in a thread of its own. */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { configure, flush } from 'span-tree'
import { otlpExporter } from 'span-tree/otlp'
import { load } from '../instrumented.ts'

/** Takes everything, and tells its port. */
const SINK = `
const { createServer } = require('node:http')
const { parentPort } = require('node:worker_threads')
const server = createServer((request, response) => request.resume().on('end', () => response.end()))
server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port))`

const sink = new Worker(SINK, { eval: true })
const [port] = (await once(sink, 'message')) as [number]
sink.unref()
configure({ exporters: [otlpExporter({ endpoint: `http://127.0.0.1:${port}` })] })

export const { leaves, outer, steps } = await load()

export const check = (): Promise<void> => flush(5_000)
