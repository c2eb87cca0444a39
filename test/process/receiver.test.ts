import { mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { Receiver } from '../exporters/receiver.ts'
import { type Ended, type Execution, program } from './processes.ts'

const root = realpathSync(mkdtempSync(join(tmpdir(), 'span-tree-receiver-')))
afterAll(() => rmSync(root, { recursive: true, force: true }))

// However busy the machine is.
const PATIENT = { SPAN_TREE_EXIT_TIMEOUT: '40000' }

let states = 0
const newState = (): string => join(root, `state-${++states}`)

async function withReceiver(use: (receiver: Receiver, url: string) => Promise<void>): Promise<void> {
  const receiver = new Receiver()
  const url = await receiver.listen()
  try {
    await use(receiver, url)
  } finally {
    await receiver.close()
  }
}

const toReceiver = (url: string, state: string, execution: Execution = {}): Execution => ({
  ...execution,
  env: { SPAN_TREE: url, SPAN_TREE_STATE: state, ...PATIENT, ...execution.env },
})

const SPANS = `
function leaf() { return Number('1') }
async function running() { leaf(); console.log('ready'); await new Promise(resolve => setTimeout(resolve, 60_000)) }
`
const whenReady = (signal: NodeJS.Signals): Execution => ({ signals: [['ready', signal]] })
const RUNNING = ['leaf', 'running …', 'running › <anonymous @ Promise>']

/** Each way in which a process ends: what it has traced by then. */
const ENDS: [string, string, readonly string[], Execution?][] = [
  ['naturally', `${SPANS} leaf()`, ['leaf']],
  [
    'with work that never ends',
    `async function stuck() { await new Promise(() => {}) } stuck()`,
    ['stuck …', 'stuck › <anonymous @ Promise>'],
  ],
  ['by process.exit in a span', `function outer() { process.exit(3) } outer()`, ['outer …']],
  ['by an uncaught error', `function fails() { throw new TypeError('x') } setImmediate(fails)`, ['fails']],
  ['by an unhandled rejection', `async function fails() { await null; throw new TypeError('x') } fails()`, ['fails']],
  [
    'while `beforeExit` and `exit` have listeners that are traced',
    `${SPANS} process.once('beforeExit', () => leaf()); process.on('exit', () => leaf()); leaf()`,
    ['<anonymous @ on>', '<anonymous @ once>', 'leaf', 'leaf', 'leaf'],
  ],
  ...(['SIGTERM', 'SIGINT', 'SIGHUP'] as const).map((signal): (typeof ENDS)[number] => [
    `by ${signal}`,
    `${SPANS} running()`,
    RUNNING,
    whenReady(signal),
  ]),
]

const howItEnded = ({ code, signal, stdout }: Ended): unknown => [code, signal, stdout]

test.concurrent.each(ENDS)('a process that ends %s delivers what it has traced', async (_, code, names, execution) => {
  await withReceiver(async (receiver, url) => {
    const both = program(code)
    const state = newState()
    const [plain, traced] = await Promise.all([both.plain(execution), both.traced(toReceiver(url, state, execution))])
    expect(howItEnded(traced)).toEqual(howItEnded(plain))
    // What is traced behind the last moment to send is delivered by the next process.
    if (code.includes("on('exit'")) await both.traced(toReceiver(url, state, execution))
    expect([...new Set(receiver.names)]).toEqual([...new Set(names)])
    expect(receiver.copies).toBe(0)
  })
})

test('processes that end while the receiver is away leave what they have traced to the next, which delivers it once', async () => {
  await withReceiver(async (receiver, url) => {
    receiver.behaviour = { status: 503 }
    const state = newState()
    const ended = await Promise.all(
      ENDS.map(([, code, , execution]) => program(code).traced(toReceiver(url, state, execution))),
    )
    expect(ended.map(({ stderr }) => /^span-tree:/m.test(stderr))).not.toContain(true)
    expect(receiver.spans.size).toBe(0)
    receiver.behaviour = 'take'
    const { stderr } = await program(`function last() { return Number('1') } last()`).traced(
      toReceiver(url, state, { env: { SPAN_TREE_DEBUG: '1' } }),
    )
    const names = ENDS.flatMap(([, , each]) => each)
    expect(receiver.names).toEqual([...names, 'last'].sort())
    expect(receiver.copies).toBe(0)
    expect(stderr).toContain(`taken 1, adopted ${names.length}, delivered ${names.length + 1}\n`)
    expect(
      readdirSync(join(state, 'spool'), { recursive: true }).filter(name => String(name).endsWith('.spool')),
    ).toEqual([])
  })
})

test('a receiver that never answers holds a process up for no longer than it is told, and nothing is lost', async () => {
  await withReceiver(async (receiver, url) => {
    receiver.behaviour = 'hang'
    const state = newState()
    const code = `
      import { configure } from 'span-tree'
      import { httpExporter } from 'span-tree/http'
      configure({ exporters: [httpExporter({ url: '${url}' })] })
      function leaf() { return Number('1') }
      leaf()`
    const env = { SPAN_TREE: '', SPAN_TREE_STATE: state, SPAN_TREE_DEBUG: '1' }
    const both = program(code)
    const { code: exit, stderr } = await both.traced({ env: { ...env, SPAN_TREE_EXIT_TIMEOUT: '300' } })
    expect([exit, stderr]).toEqual([0, expect.stringMatching(/taken 1, spooled 1, spool bytes \d+\n/)])
    receiver.behaviour = 'take'
    await both.traced({ env: { ...env, ...PATIENT } })
    expect(receiver.names).toEqual(['leaf', 'leaf'])
  })
})

test('kill -9 loses nothing that is on disk: the next process delivers it, and what had arrived unanswered comes as a copy', async () => {
  await withReceiver(async (receiver, url) => {
    const state = newState()
    const code = `
      import { configure, flush } from 'span-tree'
      import { httpExporter } from 'span-tree/http'
      configure({ exporters: [httpExporter({ url: '${url}', spool: 'always', batch: { maxDelay: 10 } })] })
      function leaf() { return Number('1') }
      if (process.env.AGAIN) leaf()
      else for (let i = 0; i < 100; i++) leaf()
      if (!process.env.AGAIN) setTimeout(() => {}, 60_000)`
    const both = program(code)
    const env = { SPAN_TREE: '', SPAN_TREE_STATE: state, ...PATIENT }
    receiver.behaviour = 'cut after taking'
    const first = both.traced({ env, killWhen: receiver.until(() => receiver.spans.size > 0) })
    expect((await first).signal).toBe('SIGKILL')
    receiver.behaviour = 'take'
    await both.traced({ env: { ...env, AGAIN: '1' } })
    expect(receiver.names).toHaveLength(101)
    expect(receiver.copies).toBeGreaterThan(0)
  })
})

test('processes that begin at once share what others have left, and each delivers its own', async () => {
  await withReceiver(async (receiver, url) => {
    const state = newState()
    receiver.behaviour = { status: 503 }
    const one = program(`function left() { return Number('1') } left()`)
    await Promise.all([one.traced(toReceiver(url, state)), one.traced(toReceiver(url, state))])
    receiver.behaviour = 'take'
    const many = program(`function own() { return Number('1') } own()`)
    await Promise.all(Array.from({ length: 6 }, () => many.traced(toReceiver(url, state))))
    expect(receiver.names).toEqual(['left', 'left', ...Array.from({ length: 6 }, () => 'own')])
    expect(receiver.copies).toBe(0)
  })
})

test('several at once: the terminal and a receiver', async () => {
  await withReceiver(async (receiver, url) => {
    const code = `function leaf() { return Number('1') } leaf()`
    const { stderr } = await program(code).traced(toReceiver(`terminal,${url}`, newState()))
    expect(stderr).toMatch(/ leaf .*main\.js/)
    expect(receiver.names).toEqual(['leaf'])
  })
})

test('a wrong key is one line, once', async () => {
  await withReceiver(async (receiver, url) => {
    receiver.behaviour = { status: 401 }
    const code = `function leaf() { return Number('1') } leaf(); leaf()`
    const { stderr } = await program(code).traced(toReceiver(url, newState()))
    const reason = 'HTTP 401: it wants another key (SPAN_TREE_API_KEY)'
    expect(stderr).toBe(`span-tree: ${url}/v1/spans does not take spans: ${reason}\n`)
  })
})

test('a thread that exits delivers what it has traced, or leaves it on disk', async () => {
  await withReceiver(async (receiver, url) => {
    const code = `
      import { isMainThread, Worker } from 'node:worker_threads'
      import { configure } from 'span-tree'
      import { httpExporter } from 'span-tree/http'
      configure({ exporters: [httpExporter({ url: '${url}' })] })
      function inThread() { process.exit() }
      if (isMainThread) new Worker(new URL(import.meta.url))
      else inThread()`
    const { code: exit } = await program(code).traced({
      env: { SPAN_TREE: '', SPAN_TREE_STATE: newState(), ...PATIENT },
    })
    expect([exit, receiver.names]).toEqual([0, ['inThread …']])
  })
})
