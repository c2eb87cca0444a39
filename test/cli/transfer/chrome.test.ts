import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Findings } from '../../../cli/transfer/findings.ts'
import { openSource } from '../../../cli/transfer/import-source.ts'
import { Importer } from '../../../cli/transfer/importer.ts'
import { importChrome } from '../../../cli/transfer/profiles/import-chrome.ts'
import { imported, newFolder, newSession, treesOf } from './transfer.ts'

const NAMES = [
  { ph: 'M', name: 'process_name', pid: 1, args: { name: 'server' } },
  { ph: 'M', name: 'thread_name', pid: 1, tid: 2, args: { name: 'main' } },
]

test('events that begin and end, complete ones, whatever order they come in', async () => {
  const { session, said, code } = await imported({
    traceEvents: [
      { ph: 'B', name: 'request', cat: 'http', pid: 1, tid: 2, ts: 100, args: { path: '/' } },
      { ph: 'B', name: 'query', pid: 1, tid: 2, ts: 110 },
      { ph: 'i', name: 'cache miss', s: 't', pid: 1, tid: 2, ts: 115 },
      { ph: 'E', pid: 1, tid: 2, ts: 120.5, args: { rows: 3 } },
      { ph: 'E', name: 'request', pid: 1, tid: 2, ts: 200 },
      // Written when they ended, as Node does: the child first.
      { ph: 'X', name: 'inner', pid: 1, tid: 3, ts: 310, dur: 10 },
      { ph: 'X', name: 'outer', pid: 1, tid: 3, ts: 300, dur: 20 },
      { ph: 'X', name: 'next', pid: 1, tid: 3, ts: 320, dur: 1 },
      { ph: 'B', name: 'unfinished', pid: 1, tid: 4, ts: 400 },
      { ph: 'X', name: 'within', pid: 1, tid: 4, ts: 410, dur: 1 },
      ...NAMES,
    ],
  })
  expect(code).toBe(0)
  expect(said).toEqual(['7 spans of 4 traces kept.'])
  expect(await treesOf(session)).toEqual([
    '[process=server,thread=main]',
    'request 0.1 ms {"path":"/","category":"http"}',
    '  query 0.0105 ms “cache miss” {"rows":3}',
    '[process=server,thread=3]',
    'outer 0.02 ms',
    '  inner 0.01 ms',
    '[process=server,thread=3]',
    'next 0.001 ms',
    '[process=server,thread=4]',
    'unfinished started',
    '  within 0.001 ms',
  ])
})

test('what is asynchronous belongs together by its id, in one process or in all', async () => {
  const one = { cat: 'net', id: '0x1', pid: 1, tid: 1 }
  const local = { cat: 'net', id2: { local: '0x1' } }
  const { session, said } = await imported([
    { ph: 'b', name: 'fetch', ...one, ts: 10 },
    { ph: 'b', name: 'fetch', ...local, pid: 2, tid: 1, ts: 11 },
    { ph: 'b', name: 'dns', ...one, ts: 12 },
    { ph: 'n', name: 'found', ...one, tid: 9, ts: 13 },
    { ph: 'e', name: 'dns', ...one, ts: 15 },
    { ph: 'e', name: 'fetch', ...local, pid: 2, tid: 1, ts: 20 },
    { ph: 'e', name: 'fetch', ...one, ts: 30 },
    { ph: 'b', name: 'again', ...one, ts: 40 },
    { ph: 'e', name: 'again', ...one, ts: 41 },
    { ph: 'e', name: 'fetch', ...one, ts: 50 },
  ])
  expect(said).toEqual(['4 spans of 3 traces kept.', '[9]: it ends what has not begun'])
  expect(await treesOf(session)).toEqual([
    '[process=1]',
    'fetch 0.02 ms {"category":"net"}',
    '  dns 0.003 ms “found” {"category":"net"}',
    '[process=2]',
    'fetch 0.009 ms {"category":"net"}',
    '[process=1]',
    'again 0.001 ms {"category":"net"}',
  ])
})

test('what cannot be read is named with its place, what has no place in a trace is counted', async () => {
  const at = { pid: 1, tid: 1 }
  const lines = [
    '{"traceEvents":[',
    `${JSON.stringify({ ph: 'X', name: 'good', ...at, ts: 1, dur: 5 })},`,
    `${JSON.stringify({ ph: 'X', name: 'late', ...at, ts: 'now', dur: 5 })},`,
    `7,`,
    `${JSON.stringify({ name: 'of what?' })},`,
    `${JSON.stringify({ ph: 'b', name: 'whose?', ...at, ts: 1 })},`,
    `${JSON.stringify({ ph: 's', name: 'arrow', id: 1, ...at, ts: 2 })},`,
    `${JSON.stringify({ ph: 'f', name: 'arrow', id: 1, ...at, ts: 3 })},`,
    `${JSON.stringify({ ph: 'C', name: 'heap', ...at, ts: 3, args: { used: 1 } })},`,
    `${JSON.stringify({ ph: 'i', name: 'alone', ...at, ts: 100 })},`,
    `${JSON.stringify({ ph: 'X', name: 'deep', ...at, ts: 50, dur: 1, args: { x: deep(40) } })},`,
    '{"ph":"X","name":"unclosed","args":{"a":1,',
    `${JSON.stringify({ ph: 'X', name: 'behind it', ...at, ts: 60, dur: 5 })}`,
    ']}',
  ]
  const { session, said } = await imported(lines.join('\n'))
  expect(said).toEqual([
    '2 spans of 2 traces kept.',
    'traceEvents[1]: ts is not a number',
    'traceEvents[2]: not an object',
    'traceEvents[3]: not an event: it has no ph',
    'traceEvents[4]: it has no id',
    'traceEvents[10], line 1 of it: no JSON',
    'traceEvents[10], line 3 of it: no JSON',
    'traceEvents[9]: attributes: Nested deeper than 32 levels',
    'left out: 2 × flow event',
    'left out: 1 × counter',
    'left out: 1 × instant event outside of all spans',
  ])
  expect((await treesOf(session)).filter(line => !line.startsWith('['))).toEqual([
    'good 0.005 ms',
    'behind it 0.005 ms',
  ])
})

function deep(levels: number): object {
  return levels === 0 ? {} : { in: deep(levels - 1) }
}

test('the same file twice is there once; a file of the same events at another time is another', async () => {
  const session = newSession()
  const file = { traceEvents: [{ ph: 'X', name: 'once', pid: 1, tid: 1, ts: 1, dur: 5 }] }
  await imported(file, session)
  await imported(file, session)
  expect(await treesOf(session)).toHaveLength(2)
  await imported({ ...file, displayTimeUnit: 'ns' }, session)
  expect(await treesOf(session)).toHaveLength(4)
})

test('times since 1970 are those; others end when the file was written', async () => {
  const event = { ph: 'X', name: 'call', pid: 1, tid: 1, dur: 5 }
  const absolute = await imported([{ ...event, ts: 1_795_359_600_000_000.5 }])
  const [known] = await absolute.session.client.traces('default')
  expect(known?.start).toBe(1_795_359_600_000_000_500n)
  const before = Date.now()
  const relative = await imported([{ ...event, ts: 7 }])
  const [guessed] = await relative.session.client.traces('default')
  const end = Number((guessed!.start + guessed!.duration!) / 1_000_000n)
  expect(Math.abs(end - before)).toBeLessThan(60_000)
})

test('where too many spans wait, they are given out before the end of the file, under what is open', async () => {
  const at = { pid: 1, tid: 1 }
  const file = join(newFolder(), 'trace.json')
  const calls = Array.from({ length: 25 }, (_, i) => ({ ph: 'X', name: `call ${i}`, ...at, ts: 10 * i + 2, dur: 5 }))
  const events = [
    { ph: 'B', name: 'all', ...at, ts: 0 },
    ...calls,
    { ph: 'X', name: 'enclosing', ...at, ts: 1, dur: 300 },
    { ph: 'E', ...at, ts: 2_000 },
  ]
  writeFileSync(file, JSON.stringify(events))
  const session = newSession()
  const findings = new Findings()
  const importer = new Importer(session, {}, findings)
  await importChrome(await openSource(file), importer, 10)
  await importer.flush()
  expect(findings.lines()).toEqual(['[26]: kept, but apart from what it may enclose 10 events before it'])
  const trees = (await treesOf(session)).slice(1).map(line => line.replace(/ [\d.]+ ms$/, ''))
  expect(trees).toHaveLength(27)
  // In it are those behind the last time that some were given out.
  expect(trees.slice(0, 3)).toEqual(['all', '  enclosing', '    call 19'])
  expect(trees.slice(7, 9)).toEqual(['    call 24', '  call 0'])
})

test('what Node itself writes', async () => {
  const folder = newFolder()
  const program = join(folder, 'program.js')
  writeFileSync(program, `require('fs').readFileSync(__filename)`)
  const flags = ['--trace-event-categories', 'node.fs.sync,node.environment,v8']
  execFileSync(process.execPath, [...flags, program], { cwd: folder })
  const [log = ''] = readdirSync(folder).filter(name => name.startsWith('node_trace'))
  const { session, said } = await imported(readFileSync(join(folder, log), 'utf8'))
  const trees = (await treesOf(session)).join('\n')
  expect(trees).toContain('fs.sync.open')
  expect(trees).toContain('thread=JavaScriptMainThread')
  expect(said.filter(line => /\[\d+\]/.test(line))).toEqual([])
})
