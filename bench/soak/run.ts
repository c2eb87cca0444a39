import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises'
import { configure, counts, flush, shutdown } from 'span-tree'
import { httpExporter } from 'span-tree/http'
import { instrument } from 'span-tree/transformer'
import { table } from '../report.ts'

const MINUTES = Number(process.argv[2])
const SAMPLES = 12
/** Bytes: between the median of the first third of the samples and that of the last. */
const MAX_GROWTH = 2_000_000

interface Sample {
  readonly seconds: number
  readonly heap: number
  readonly resident: number
  readonly handles: number
}

const gc = (globalThis as { gc?: () => void }).gc as () => void
const server = createServer((request, response) => request.resume().on('end', () => response.end('{"accepted":1}')))
await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
configure({ exporters: [httpExporter({ url, spool: false })], waitForTasks: 20 })

const { round } = await instrumented()
const begun = performance.now()
/** Of the warm program: compiled, its pools filled. */
const WARM = Math.min(10_000, MINUTES * 10_000)
const samples: Sample[] = []
let rounds = 0
const every = (MINUTES * 60_000 - WARM) / SAMPLES
for (let next = WARM; samples.length < SAMPLES; rounds++) {
  await round(rounds)
  // A process that is never idle delivers nothing.
  await pause(2)
  if (performance.now() - begun < next) continue
  samples.push(await sample())
  next += every
}
await flush(10_000)
const { tracesExported, spansExported, spansCollapsed, exporterErrors } = counts()
await shutdown(10_000)
server.closeAllConnections()
await new Promise(resolve => server.close(resolve))
const left = await handlesLeft()
report()

/** The program beside this one, instrumented, under a name of its own. */
async function instrumented(): Promise<{ round(n: number): Promise<void> }> {
  const source = new URL('program.ts', import.meta.url)
  const target = new URL(`.program-${process.pid}.ts`, import.meta.url)
  const { code } = instrument(readFileSync(source, 'utf8'), {
    filename: source.pathname,
    include: ['**'],
    skipTrivial: false,
  })
  writeFileSync(target, code)
  try {
    return (await import(target.href)) as { round(n: number): Promise<void> }
  } finally {
    rmSync(target)
  }
}

async function sample(): Promise<Sample> {
  // Late work, and what waits for it, has ended by then.
  await pause(100)
  await flush(10_000)
  for (let i = 0; i < 4; i++) {
    await turn()
    gc()
  }
  const { heapUsed: heap, rss: resident } = process.memoryUsage()
  const seconds = (performance.now() - begun) / 1_000
  return { seconds, heap, resident, handles: process.getActiveResourcesInfo().length }
}

/** What still keeps the process alive, apart from the streams that it was given. */
async function handlesLeft(): Promise<string[]> {
  for (let i = 0; i < 50; i++) {
    if (resources().length === 0) break
    await pause(20)
  }
  return resources()
}

function resources(): string[] {
  return process.getActiveResourcesInfo().filter(name => !/^(TTYWrap|PipeWrap|Timeout)$/.test(name))
}

function medianHeap(of: readonly Sample[]): number {
  return of.map(({ heap }) => heap).sort((a, b) => a - b)[of.length >> 1] as number
}

function report(): void {
  const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1)
  const rows = samples.map(each => [
    each.seconds.toFixed(0),
    megabytes(each.heap),
    megabytes(each.resident),
    `${each.handles}`,
  ])
  console.log(table(['seconds', 'heap, MB', 'resident, MB', 'handles'], rows))
  const third = SAMPLES / 3
  const growth = medianHeap(samples.slice(-third)) - medianHeap(samples.slice(0, third))
  const handles = (samples.at(-1)?.handles ?? 0) - (samples[0]?.handles ?? 0)
  console.log(`${rounds} rounds, ${tracesExported} traces, ${spansExported} spans, ${spansCollapsed} calls collapsed`)
  const wrong = [
    growth > MAX_GROWTH && `the heap has grown by ${megabytes(growth)} MB`,
    handles > 2 && `${handles} more handles than in the beginning`,
    left.length > 0 && `left behind: ${left.join(', ')}`,
    exporterErrors > 0 && `${exporterErrors} errors in exporters`,
    tracesExported < rounds * 21 && `only ${tracesExported} traces`,
  ].filter(text => text !== false)
  console.log(wrong.length === 0 ? 'flat, and nothing is left' : wrong.join('\n'))
  process.exitCode = wrong.length === 0 ? 0 : 1
}
