/**
 * `npm run bench:tui [thousands of spans]`: how long the terminal UI takes to its first screen, and from a key to what it has changed on
 * the screen, in a pseudo-terminal of 80 × 24, on a file with a million spans and one trace of 20,000. `--write` puts it into docs/benchmarks.md.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { newTraceId } from '../model/index.ts'
import { revisionOf, type SpanRecord, SqliteStore } from '../store/index.ts'
import { PseudoTerminal } from '../test/cli/tui/pseudo-terminal.ts'
import { BATCH, Workload } from './ingest/workload.ts'
import { benchArguments, machine, quantile, table, writeSection } from './report.ts'

const CLI = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url))
const LARGE = 20_000
const STARTS = 7
const PRESSES = 60
/** Milliseconds without output after which a frame is over. */
const QUIET = 60
/** What ends a frame: the terminal may show what it has got. */
const SHOWN = '\u001b[?2026l'

const { write, rounds: thousands } = benchArguments(1_000)
const folder = mkdtempSync(join(tmpdir(), 'span-tree-bench-'))
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
const file = join(folder, 'million.db')
const largest = await fill()

const rows: string[][] = [await starts()]
const terminal = await opened()
await row('dashboard: the row below', 'j', 'k')
await row('dashboard: only errors, and again all', 'e', 'e')
await row('dashboard: errors, slow, traces', '2', '3', '1')
terminal.run(':all')
await terminal.until(/› all traces[\s\S]*1\/200/)
await row('list of traces: half a screen on, and back', '\u0004', '\u0015')
// The newest is the large one.
terminal.press('j')
await terminal.until(/live +2\/200/)
await row('a trace of 20 spans, and back', '\r', '\u001b')
terminal.run(`:trace ${largest}`)
await terminal.until(/20,000 spans/)
await terminal.until(/live +1\/22,/)
await row('trace of 20,000: the row below', 'j', 'k')
await row('trace of 20,000: half a screen on', '\u0004')
await row('trace of 20,000: to its end, to its start', 'G', 'g')
await row('trace of 20,000: fold, unfold', 'h', 'l')
terminal.press('/', 'step7', '\r')
await terminal.until(/›.*step7/)
await row('trace of 20,000: the next match', 'n')
await once('trace of 20,000: read', '\u001b', `:trace ${largest}\r`)
terminal.close()

const heads = ['', 'p50 ms', 'p99 ms', 'bytes, p50']
const text = `${table(heads, rows)}\n\n${(thousands * 1_000).toLocaleString('en')} spans. ${machine()}`
console.log(text)
if (write) writeSection('tui', text)
process.exit()

async function fill(): Promise<string> {
  const store = new SqliteStore(file)
  const start = BigInt(Date.now() - thousands * 1_000) * 1_000_000n
  const workload = new Workload(1, start)
  for (let i = 0; i < thousands; i += BATCH / 1_000) store.writeSync(workload.next())
  const spans = large(BigInt(Date.now()) * 1_000_000n)
  for (let i = 0; i < spans.length; i += BATCH)
    store.writeSync({ namespace: 'shop', tags: { app: 'shop' }, spans: spans.slice(i, i + BATCH) })
  await store.close()
  return spans[0]!.traceId
}

/** Each below one of those before it, some with a message. */
function large(start: bigint): SpanRecord[] {
  const traceId = newTraceId(Number(start / 1_000_000n))
  const id = (i: number): string => (i + 1).toString(16).padStart(16, '0')
  return Array.from({ length: LARGE }, (_, i): SpanRecord => {
    const startTime = start + BigInt(i * 1_000)
    const endTime = startTime + 5_000_000n
    const message = { time: startTime, level: 'info', text: `step ${i}`, logger: 'batch', attributes: {} } as const
    return {
      traceId,
      rev: revisionOf(true, endTime / 1_000n),
      id: id(i),
      ...(i > 0 && { parentId: id(i % 5 === 0 ? 0 : i - 1) }),
      name: i === 0 ? 'batch' : `step${i % 50}`,
      kind: 'internal',
      startTime,
      endTime: i === 0 ? start + 25_000_000n : endTime,
      status: 'succeeded',
      level: 'info',
      attributes: { index: i },
      messages: i % 10 === 0 ? [message] : [],
      handledErrors: [],
    }
  })
}

function terminalOf(): PseudoTerminal {
  const { PATH, HOME } = process.env
  return new PseudoTerminal({ PATH, HOME, LANG: 'C.UTF-8' }, folder)
}

/** In a shell that is there already, from Enter to the first rows. */
async function starts(): Promise<string[]> {
  const times: number[] = []
  for (let i = 0; i < STARTS; i++) {
    const shell = terminalOf()
    await shell.until(/\$$/)
    const began = performance.now()
    shell.run(`'${process.execPath}' '${CLI}' --db '${file}'`)
    await shell.until(/live[\s\S]*GET \/route/)
    times.push(performance.now() - began)
    shell.close()
  }
  return ['from the command to the first rows', ...figures(times), '']
}

async function opened(): Promise<PseudoTerminal> {
  const shell = terminalOf()
  await shell.until(/\$$/)
  shell.run(`'${process.execPath}' '${CLI}' --db '${file}'`)
  await shell.until(/live[\s\S]*GET \/route/)
  return shell
}

async function row(name: string, ...keys: readonly string[]): Promise<void> {
  const times: number[] = []
  const bytes: number[] = []
  for (let i = 0; i < PRESSES; i++) {
    const { time, size } = await press(keys[i % keys.length] as string)
    times.push(time)
    bytes.push(size)
  }
  rows.push([name, ...figures(times), quantile(bytes, 0.5).toFixed(0)])
}

async function once(name: string, back: string, keys: string): Promise<void> {
  const times: number[] = []
  for (let i = 0; i < STARTS; i++) {
    await press(back)
    const began = performance.now()
    terminal.press(keys)
    await terminal.until(/20,000 spans/)
    times.push(performance.now() - began)
  }
  rows.push([name, ...figures(times), ''])
}

/** Milliseconds until the last frame that the key has led to, and bytes of all of them. */
async function press(key: string): Promise<{ time: number; size: number }> {
  terminal.written = ''
  const began = performance.now()
  terminal.press(key)
  let shown = began
  for (let size = 0; shown === began || performance.now() - shown < QUIET; ) {
    await sleep(1)
    if (terminal.written.length > size && terminal.written.endsWith(SHOWN)) {
      size = terminal.written.length
      shown = performance.now()
    }
    if (performance.now() - began > 5_000) break
  }
  return { time: shown - began, size: terminal.written.length }
}

function figures(times: readonly number[]): string[] {
  return [quantile(times, 0.5).toFixed(1), quantile(times, 0.99).toFixed(1)]
}
