import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { normalised, TRACES } from './recorded.ts'
import { linesOf, recordedProject, serving, spanTreeBeside } from './recorded-project.ts'

describe('what is exported is imported as it was', () => {
  test.each(['json', 'otlp', 'chrome', 'speedscope'])('%s', async format => {
    const { ask } = recordedProject()
    await ask('export', '--format', format, '--output', 'out')
    const imported = await ask('import', '--db', 'copy.db', 'out')
    expect(imported).toMatchObject({ code: 0, stderr: '6 spans of 3 traces kept.\n' })
    const [before, after] = [await ask('export'), await ask('export', '--db', 'copy.db')]
    expect(after.stdout).toBe(before.stdout)
    expect(before.stdout.trimEnd().split('\n')).toHaveLength(3)
  })

  test('the same twice is there once', async () => {
    const { ask } = recordedProject()
    const before = await ask('traces')
    await ask('import', 'lines.jsonl')
    expect(await ask('traces')).toEqual(before)
    expect(JSON.parse((await ask('errors', '1')).stdout).count).toBe(1)
  })

  test('some of them, by options and by ids', async () => {
    const { ask } = recordedProject()
    const ids = async (...parameters: string[]): Promise<string[]> => {
      const { stdout } = await ask('export', ...parameters)
      return stdout.split('\n').flatMap(line => (line === '' ? [] : [JSON.parse(line).traceId as string]))
    }
    expect(await ids('--tag', 'app=reports')).toEqual([TRACES.report])
    expect(await ids(TRACES.cake.slice(0, 8), TRACES.tea)).toEqual([TRACES.tea, TRACES.cake])
    expect(await ask('export', '0000')).toMatchObject({ code: 1, stdout: '', stderr: 'No trace of this id: 0000\n' })
  })
})

test('lines that are no traces are counted, spans that are none say why', async () => {
  const { ask, directory } = recordedProject()
  const [line = ''] = readFileSync(join(directory, 'lines.jsonl'), 'utf8').split('\n')
  const broken = line
    .replace('"succeeded","level":"info","start"', '"odd","level":"info","start"')
    .replace('"name":"price"', '"name":7')
  writeFileSync(join(directory, 'mixed.log'), `server started\n{"level":"info"}\n\n${broken}\n`)
  const { stderr, code } = await ask('import', '--db', 'mixed.db', 'mixed.log')
  expect(code).toBe(0)
  expect(stderr).toMatchInlineSnapshot(`
    "1 span of 1 trace kept.
    1 span refused: name: Invalid type: Expected string but received 7
    2 lines left out that are no traces.
    "
  `)
})

test('what is exported for profilers can come through a pipe, and through a receiver', async () => {
  const project = recordedProject()
  const { ask, directory } = project
  const url = await serving(project)
  const { stdout } = await ask('export', '--format', 'chrome')
  const piped = spanTreeBeside(project, 'import', '--url', url, '--tag', 'again=yes', '-')
  const [told, code] = await new Promise<[string, number]>(done => {
    const said: Buffer[] = []
    piped.stderr.on('data', chunk => said.push(chunk))
    piped.once('close', exit => done([Buffer.concat(said).toString(), exit ?? -1]))
    piped.stdin.end(stdout)
  })
  expect([told, code]).toEqual(['6 spans of 3 traces kept.\n', 0])
  writeFileSync(join(directory, 'log'), '[10:00:01] profiles: none\n{"shared":1}\n')
  expect(await ask('import', 'log')).toMatchObject({ code: 1, stderr: expect.stringContaining('2 lines left out') })
})

test('a document of OTLP over several lines', async () => {
  const { ask, directory } = recordedProject()
  const { stdout } = await ask('export', TRACES.cake, '--format', 'otlp')
  writeFileSync(join(directory, 'pretty.json'), JSON.stringify(JSON.parse(stdout), null, 2))
  expect((await ask('import', '--db', 'pretty.db', 'pretty.json')).stderr).toBe('3 spans of 1 trace kept.\n')
})

interface ChromeEvent {
  readonly ph: string
  readonly name: string
  readonly pid: number
  readonly tid: number
  readonly ts: number
  readonly dur: number
}

test('a Chrome trace: spans of one lane lie within one another or apart', async () => {
  const { ask } = recordedProject()
  const { traceEvents } = JSON.parse((await ask('export', '--format', 'chrome')).stdout) as {
    traceEvents: ChromeEvent[]
  }
  const calls = traceEvents.filter(({ ph }) => ph === 'X')
  expect(calls.map(({ name, tid }) => `${name} ${tid}`)).toMatchInlineSnapshot(`
    [
      "checkout 1",
      "price 1",
      "checkout 1",
      "charge 1",
      "log 2",
      "report 1",
    ]
  `)
  for (const a of calls)
    for (const b of calls) expect(a === b || a.tid !== b.tid || a.pid !== b.pid || areNested(a, b)).toBe(true)
  expect(traceEvents.filter(({ ph }) => ph !== 'X').map(({ ph, name }) => `${ph} ${name}`)).toMatchInlineSnapshot(`
    [
      "M process_name",
      "i 2 items",
      "M process_name",
      "s calls",
      "f calls",
      "M process_name",
    ]
  `)
})

function areNested(a: ChromeEvent, b: ChromeEvent): boolean {
  const [first, second] = a.ts < b.ts || (a.ts === b.ts && a.dur >= b.dur) ? [a, b] : [b, a]
  return first.ts + first.dur <= second.ts || first.ts + first.dur >= second.ts + second.dur
}

interface SpeedscopeFile {
  readonly shared: { readonly frames: readonly { readonly name: string }[] }
  readonly profiles: readonly {
    readonly name: string
    readonly events: readonly { readonly type: 'O' | 'C'; readonly frame: number; readonly at: number }[]
  }[]
}

test('speedscope: what is opened is closed, in order', async () => {
  const { ask } = recordedProject()
  const { shared, profiles } = JSON.parse((await ask('export', '--format', 'speedscope')).stdout) as SpeedscopeFile
  const written = profiles.map(({ name, events }) => {
    const open: number[] = []
    for (const [i, { type, frame, at }] of events.entries()) {
      expect(at).toBeGreaterThanOrEqual(events[i - 1]?.at ?? 0)
      if (type === 'O') open.push(frame)
      else expect(open.pop()).toBe(frame)
    }
    expect(open).toEqual([])
    return `${name}: ${events.map(({ type, frame }) => `${type === 'O' ? '(' : ')'}${shared.frames[frame]?.name}`).join(' ')}`
  })
  expect(written).toMatchInlineSnapshot(`
    [
      "checkout 3MTTjFEKX2rNbXV9yOaI4c7F0pU: (checkout (price )price )checkout",
      "checkout 3MTTjGrPwvLdRU3rwJrQuGYdjPQ: (checkout (charge )charge )checkout",
      "checkout 3MTTjGrPwvLdRU3rwJrQuGYdjPQ (2): (log )log",
      "report 3MTTkA0GZ7nJ0cZyJmQ5kKkD5eL: (report )report",
    ]
  `)
})

test('tail: what is there, then what comes, until interrupted', async () => {
  const project = recordedProject()
  const { ask, directory } = project
  const { stdout } = await ask('export', TRACES.cake)
  const child = spanTreeBeside(project, 'tail', '--interval', '20ms', '--limit', '2', '--json')
  const ended = new Promise(resolve => child.once('close', resolve))
  const lines = linesOf(child)
  const next = async (): Promise<string> =>
    (JSON.parse((await lines.next()).value as string) as { traceId: string }).traceId
  expect([await next(), await next()]).toEqual([TRACES.cake, TRACES.report])
  const id = '3MTTkB0GZ7nJ0cZyJmQ5kKkD5eL'
  writeFileSync(join(directory, 'new.jsonl'), stdout.replaceAll(TRACES.cake, id))
  await ask('import', 'new.jsonl')
  expect(await next()).toBe(id)
  child.kill('SIGINT')
  expect(await ended).toBe(0)
  expect((await lines.next()).done).toBe(true)
})

test('tail waits for a receiver that goes away, also in the middle of an answer', async () => {
  const id = '3MTTkB0GZ7nJ0cZyJmQ5kKkD5eL'
  const row = { traceId: id, name: 'refund', status: 'OK', slow: false, spans: 1, errors: 0, tags: {} }
  const found = JSON.stringify([{ ...row, start: '1795359600000000000', duration: '1000000' }])
  const answers = ['[]', 'cut', 'half', '{}', found]
  const server = createServer((request, response) => {
    if (!request.url?.startsWith('/api/traces')) return void response.end('[]')
    const answer = answers.length > 1 ? answers.shift() : answers[0]
    if (answer === 'cut') request.socket.destroy()
    else if (answer === 'half')
      response.writeHead(200, { 'content-length': 100 }).write('[', () => request.socket.destroy())
    else response.writeHead(answer === '{}' ? 503 : 200).end(answer)
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  onTestFinished(() => void server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const child = spanTreeBeside(recordedProject(), 'tail', '--url', url, '--interval', '20ms', '--json')
  const said: string[] = []
  child.stderr.on('data', chunk => said.push(String(chunk)))
  const ended = new Promise(resolve => child.once('close', resolve))
  expect(JSON.parse((await linesOf(child).next()).value as string)).toMatchObject({ traceId: id })
  child.kill('SIGINT')
  expect(await ended).toBe(0)
  expect(said.join('')).toMatch(/^span-tree: no answer from .*; waiting for it\nspan-tree: it answers again\n$/)
})

test('tail as trees', async () => {
  const child = spanTreeBeside(recordedProject(), 'tail', '--limit', '1', '--tree', '--table')
  const lines = linesOf(child)
  const tree = [await lines.next(), await lines.next(), await lines.next()].map(({ value }) => value as string)
  expect(normalised(tree.join('\n'))).toMatchInlineSnapshot(`
    "  1.50 s  report  src/report.ts:1:1

    3MTTkA0GZ7nJ0cZyJmQ5kKkD5eL  <time>  OK  app=reports"
  `)
})

test('a receiver that is busy is asked again', async () => {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    request.resume().on('end', () => {
      if (request.method === 'GET') response.end('[]')
      else if (asked.length === 2) response.writeHead(429, { 'retry-after': '1' }).end()
      else response.end('{"accepted":2}')
    })
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  onTestFinished(() => void server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { ask, directory } = recordedProject()
  const [line = ''] = readFileSync(join(directory, 'lines.jsonl'), 'utf8').split('\n')
  writeFileSync(join(directory, 'one.jsonl'), line)
  expect(await ask('import', 'one.jsonl', '--url', url)).toMatchObject({
    code: 0,
    stderr: '2 spans of 1 trace kept.\n',
  })
  expect(asked).toEqual(['GET /api/namespaces', 'POST /v1/spans', 'POST /v1/spans'])
})
