// What a program sees of linked threads. Throws where it sees anything that it should not, or a tree is wrong.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import threads, { MessageChannel, Worker } from 'node:worker_threads'
import pino from 'pino'
import { getLogger } from 'span-tree'
import { record, recorded } from './names.mjs'

const log = getLogger('main')
const file = name => new URL(`${name}.mjs`, import.meta.url)
const sleep = ms => new Promise(done => setTimeout(done, ms))
const script = code => [`${code}`, { eval: true }]
record()

async function joins() {
  await log.span('main', async () => {
    await once(new Worker(file('worker')), 'exit')
  })
  // Handlers of the process's events run in no span.
  assert.equal(await recorded(), "exit\nmain[start['10'] after await timer nested[deep]]")
}

async function isTheSameConstructor() {
  const commonjs = createRequire(import.meta.url)('worker_threads')
  assert.equal(commonjs.Worker, Worker)
  assert.equal(threads.Worker, Worker)
  assert.deepEqual([Worker.name, Worker.length], ['Worker', 1])
  assert.throws(() => Worker('x'), TypeError)
  assert.throws(() => new Worker('./nowhere.mjs', { execArgv: 7 }), { code: 'ERR_INVALID_ARG_TYPE' })
  assert.throws(() => new Worker('./nowhere.mjs', { execArgv: ['--title=x'] }), {
    code: 'ERR_WORKER_INVALID_EXEC_ARGV',
  })
  class Own extends Worker {
    constructor() {
      super(...script('require("worker_threads").parentPort.postMessage([process.execArgv, process.argv.slice(2)])'))
      this.own = true
    }
  }
  const worker = new Own()
  assert.ok(worker.own && worker instanceof Own && worker instanceof Worker)
  const [[execArgv]] = await once(worker, 'message')
  assert.deepEqual(execArgv, process.execArgv)
  const code =
    'require("worker_threads").parentPort.postMessage([process.execArgv, require("worker_threads").getEnvironmentData("k")])'
  threads.setEnvironmentData('k', 1)
  const [[flags, data]] = await once(new Worker(code, { eval: true, execArgv: ['--no-warnings'] }), 'message')
  assert.deepEqual([flags, data], [['--no-warnings'], 1])
  assert.equal(threads.getEnvironmentData('span-tree.link'), undefined)
}

async function losesNothing() {
  await log.span('main', async () => {
    const exits = new Worker(file('ends'), { workerData: 'exit' })
    await once(exits, 'exit')
    const terminated = new Worker(file('ends'), { workerData: 'wait' })
    await once(terminated, 'message')
    await terminated.terminate()
    const fails = new Worker(file('ends'), { workerData: 'throw' })
    await once(fails, 'error')
  })
  assert.equal(await recorded(), 'main[exit wait throw]')
}

async function messages() {
  const seen = []
  let worker
  await log.span('main', async () => {
    worker = new Worker(file('echo'))
    worker.on('message', text => {
      log.span(`got ${text}`, () => seen.push(text))
      if (text === 'first, echoed') worker.postMessage('of a handler')
    })
    log.span('sender', () => worker.postMessage('first'))
    await log.span('other', async () => worker.postMessage('second'))
    assert.throws(() => log.span('wrong', () => worker.postMessage(() => {})), { name: 'DataCloneError' })
    while (seen.length < 3) await sleep(5)
  })
  const [main] = (await recorded()).split('\n').filter(line => line.startsWith('main'))
  assert.equal(main, 'main[sender[handle first[got first, echoed]] other[handle second[got second, echoed]] wrong]')
  assert.deepEqual(seen, ['first, echoed', 'second, echoed', 'of a handler, echoed'])
  worker.postMessage('outside')
  while (seen.length < 4) await sleep(5)
  let unlinked = await recorded()
  while (!/^handle outside$/m.test(unlinked)) unlinked = await recorded()
  // In a form that the program can see, nothing has changed.
  worker.postMessage({ raw: [1n, new Map([[1, 2]])] })
  const [raw] = await once(worker, 'message')
  assert.deepEqual(raw, { raw: [1n, new Map([[1, 2]])] })
  const { port1, port2 } = new MessageChannel()
  worker.postMessage({ port: port2 }, [port2])
  const [answer] = await once(port1, 'message')
  assert.equal(answer, 'on the port')
  await worker.terminate()
  await recorded()
}

/** A logger's worker is none of ours. */
async function library() {
  await log.span('main', async () => {
    const logger = pino(pino.transport({ target: new URL('transport.mjs', import.meta.url).pathname }))
    log.span('logs', () => logger.info('hello'))
    await new Promise(done => logger.flush(done))
  })
  await sleep(100)
  assert.equal(await recorded(), 'main[logs]')
}

// A logger that flushes keeps nothing alive.
setInterval(() => {}, 1_000)
for (const scenario of [joins, isTheSameConstructor, losesNothing, messages, library]) {
  try {
    await scenario()
  } catch (error) {
    error.message = `${scenario.name}: ${error.message}`
    throw error
  }
}
console.log('all as it was')
process.exit()
