import { expect, test } from 'vitest'
import { withoutTraces } from './lines.ts'
import { type Execution, program } from './processes.ts'

/** Runs the program as it is and instrumented: it must end in the same way, having written the same. Returns the traces. */
async function endsAlike(code: string, execution: Execution = {}): Promise<readonly string[]> {
  const both = program(code)
  const [plain, traced] = await Promise.all([both.plain(execution), both.traced(execution)])
  const { traces, ...ended } = withoutTraces(traced)
  expect(ended).toEqual(plain)
  return traces
}

const SPANS = `
function leaf() { return Number('1') }
async function running() { leaf(); console.log('ready'); await new Promise(resolve => setTimeout(resolve, 60_000)) }
`
const RUNNING = 'running started(leaf, running › <anonymous @ Promise>)'
const whenReady = (signal: NodeJS.Signals): Execution => ({ signals: [['ready', signal]] })

test.concurrent.each([
  ['naturally', `${SPANS} console.log(leaf())`, 0, ['leaf']],
  [
    'naturally, with work that never ends',
    `async function stuck() { await new Promise(() => {}) } stuck()`,
    0,
    ['stuck started(stuck › <anonymous @ Promise>)'],
  ],
  ['with an exit code', `${SPANS} leaf(); process.exitCode = 7`, 7, ['leaf']],
  [
    'by process.exit in a span',
    `function inner() { process.exit(3) } function outer() { inner() } outer()`,
    3,
    ['outer started(inner started)'],
  ],
  [
    'by process.exit in an async span',
    `async function outer() { await null; process.exit(4) } outer()`,
    4,
    ['outer started'],
  ],
  [
    'naturally, after a listener of `exit` that calls traced functions',
    `${SPANS} leaf(); process.on('exit', code => { console.log('exit', code, leaf()) })`,
    0,
    ['leaf', '<anonymous @ on>(leaf)'],
  ],
  [
    // What test runners do that set the exit code at the end, such as tape.
    'by a listener of `exit`, there before the first trace, that removes all others and calls process.exit',
    `${SPANS} process.on('exit', () => { process.removeAllListeners('exit'); process.exit(8) }); leaf()`,
    8,
    ['leaf'],
  ],
])('ends %s', async (_, code, exitCode, traces) => {
  const both = program(code)
  const [plain, traced] = await Promise.all([both.plain(), both.traced()])
  const told = withoutTraces(traced)
  expect([plain.code, told.code]).toEqual([exitCode, exitCode])
  expect([told.stdout, told.stderr]).toEqual([plain.stdout, plain.stderr])
  expect(told.traces).toEqual(traces)
})

test.concurrent.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s ends the process by that signal', async signal => {
  expect(await endsAlike(`${SPANS} running()`, whenReady(signal))).toEqual([RUNNING])
})

test.concurrent.each([
  ['that exits', `process.on('SIGTERM', () => { console.log('bye'); process.exit(5) })`],
  [
    'for once that exits later',
    `process.once('SIGTERM', () => { console.log('bye'); setTimeout(() => process.exit(6), 5) })`,
  ],
  [
    'that lets the process end by itself',
    `process.once('SIGTERM', () => { console.log('bye'); clearInterval(timer) })`,
  ],
])("the program's own listener %s", async (_, listener) => {
  const body = `const timer = setInterval(() => {}, 1000); leaf(); console.log('ready')`
  for (const code of [
    `${listener}; ${body}`,
    `${body.replace("console.log('ready')", listener)}; console.log('ready')`,
  ]) {
    expect(await endsAlike(`${SPANS} ${code}`, whenReady('SIGTERM'))).toContain('leaf')
  }
})

test.concurrent('a listener that counts the others to find out whether the signal is left to it', async () => {
  const code = `
    const mine = () => {
      const others = process.listeners('SIGTERM').length - 1
      console.log('others', others)
      process.off('SIGTERM', mine)
      if (others === 0) process.kill(process.pid, 'SIGTERM')
    }
    process.on('SIGTERM', mine)
    setInterval(() => {}, 1000); leaf(); console.log('ready')`
  expect(await endsAlike(`${SPANS} ${code}`, whenReady('SIGTERM'))).toEqual(['leaf'])
})

test.concurrent('a second signal after one that the program survived', async () => {
  const code = `process.once('SIGINT', () => setImmediate(console.log, 'again')); running()`
  const execution: Execution = {
    signals: [
      ['ready', 'SIGINT'],
      ['again', 'SIGINT'],
    ],
  }
  expect(await endsAlike(`${SPANS} ${code}`, execution)).toContainEqual(expect.stringContaining('running started(leaf'))
})

test.concurrent.each([
  ['an uncaught error', `function fails() { throw new TypeError('uncaught') } setImmediate(fails)`],
  ['an uncaught value', `function fails() { throw 'text' } setImmediate(fails)`],
  ['an unhandled rejection', `async function fails() { await null; throw new RangeError('unhandled') } fails()`],
  [
    'an unhandled rejection through a span by hand',
    `
    import { getLogger } from 'span-tree'
    getLogger('t').span('fails', async () => { throw new RangeError('unhandled') })`,
  ],
])('%s ends the process as it did', async (_, code) => {
  const both = program(code)
  const [plain, traced] = await Promise.all([both.plain(), both.traced()])
  const { traces, ...ended } = withoutTraces(traced)
  expect([ended.code, ended.signal, ended.stdout]).toEqual([1, null, ''])
  expect(lastLines(ended.stderr)).toEqual(lastLines(plain.stderr))
  expect(traces.join()).toMatch(/failed/)
})

/** What Node says of the error, without the line of the source and the positions, which the instrumented text has elsewhere. */
function lastLines(stderr: string): string[] {
  const lines = stderr.replaceAll(/:\d+:\d+/g, ':N:N').split('\n')
  return lines.slice(lines.findIndex(line => /^\s*\^/.test(line)) + 1)
}
